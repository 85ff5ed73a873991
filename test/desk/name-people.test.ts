import { expect, it } from 'vitest';
import { nameIn } from '#src/desk/name-people.ts';

it('names people of GitHub, and leaves its repositories as they are', async () => {
  const asked: string[][] = [];
  const people = {
    remember: async () => {},
    async names(actors: readonly string[]) {
      asked.push([...actors]);
      return new Map(actors.map((actor) => [actor, 'Ana']));
    },
  };
  const shown = { text: 'github:ana-b stopped it. Shop works on `github:acme/shop`, and not on github:acme-2/shop.' };
  expect(await nameIn(shown, people)).toEqual({
    text: 'Ana stopped it. Shop works on `github:acme/shop`, and not on github:acme-2/shop.',
  });
  expect(asked).toEqual([['github:ana-b']]);
});
