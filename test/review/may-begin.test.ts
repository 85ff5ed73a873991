import { describe, expect, it } from 'vitest';
import { parseFactoryYaml } from '#src/qa/factory-yaml.ts';
import { mayBegin } from '#src/review/may-begin.ts';

type Change = NonNullable<Parameters<typeof mayBegin>[1]>;

const changeOf = (...paths: string[]): Change => ({
  acceptance: 'accepted',
  edits: paths.map((path) => ({ path, kind: 'file', content: 'one line\n', position: 0, isTest: false })),
});
const answer = (yaml: string | null, change: Change | null) =>
  mayBegin(yaml === null ? null : parseFactoryYaml(yaml), change).answer;

describe('work that no person committed', () => {
  it('begins from the rung of its files on', () => {
    expect(answer('rung: 2', changeOf('README.md'))).toBe('needs-approval');
    expect(answer('rung: 3', changeOf('README.md'))).toBe('automatic');
    expect(answer('rung: 3', changeOf('README.md', 'src/greet.js'))).toBe('needs-approval');
    expect(answer('rung: 4', changeOf('src/greet.js', 'test/greet.test.js'))).toBe('automatic');
  });

  it.each<[string, string | null, Change | null]>([
    ['the project says nothing of itself', null, changeOf('README.md')],
    ['there is no code to bring in', 'rung: 5', null],
    ['nothing is changed', 'rung: 5', changeOf()],
    ['nobody accepted the code', 'rung: 5', { ...changeOf('README.md'), acceptance: 'unconfirmed' }],
    ['it names dependencies', 'rung: 5', changeOf('package.json')],
    ['it is large', 'rung: 5', changeOf(...Array.from({ length: 16 }, (_, at) => `docs/${at}.md`))],
  ])('waits for a person where %s (C03)', (_why, yaml, change) => {
    expect(answer(yaml, change)).toBe('needs-approval');
  });

  it('is refused where it touches what is protected (C23)', () => {
    expect(answer('rung: 5', changeOf('factory/context/project-context.json'))).toBe('forbidden');
    expect(answer('rung: 5\nprotected: ["*.md"]', changeOf('README.md'))).toBe('forbidden');
  });
});
