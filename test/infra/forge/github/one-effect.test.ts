import { describe, expect, it } from 'vitest';
import { FactoryError } from '#src/errors.ts';
import { gitHubHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';

async function ready() {
  const harness = await gitHubHarness();
  const { forge, repo, baseSha } = harness;
  const headSha = await harness.work(baseSha, { 'greeting.txt': 'hello\n' });
  const draft = { taskId: 'task-7', title: 'Add a greeting', body: 'It greets.', branch: BRANCH, headSha };
  const branched = () => forge.createBranch(repo, BRANCH, baseSha);
  const pushed = async () => (await branched(), forge.push(repo, BRANCH, baseSha, headSha));
  const opened = async () => (await pushed(), forge.openPullRequest(repo, draft));
  return { ...harness, headSha, draft, branched, pushed, opened };
}
type Ready = Awaited<ReturnType<typeof ready>>;

/** A call that writes: what comes before it, the call, and how often its effect is there. */
interface Writing {
  operation: string;
  prepare(ready: Ready): Promise<unknown>;
  write(ready: Ready): Promise<unknown>;
  effects(ready: Ready): Promise<number>;
}

const onBranch = async ({ github, baseSha }: Ready) =>
  Number(await github.git('rev-list', '--count', `${baseSha}..${BRANCH}`));
const writings: Record<string, Writing> = {
  'the making of a branch': {
    operation: 'git/receive-pack',
    prepare: async () => {},
    write: ({ branched }) => branched(),
    effects: async ({ github, baseSha }) => ((await github.head(BRANCH)) === baseSha ? 1 : 0),
  },
  'a push': {
    operation: 'git/receive-pack',
    prepare: ({ branched }) => branched(),
    write: ({ forge, repo, baseSha, headSha }) => forge.push(repo, BRANCH, baseSha, headSha),
    effects: onBranch,
  },
  'the opening of a pull request': {
    operation: 'pulls/create',
    prepare: ({ pushed }) => pushed(),
    write: ({ forge, repo, draft }) => forge.openPullRequest(repo, draft),
    effects: async ({ github }) => [...github.repository().issues.values()].length,
  },
  'the making ready of a draft': {
    operation: 'graphql',
    prepare: ({ opened }) => opened(),
    write: mergeIt,
    effects: async ({ github }) => (github.pull(1).pull.isDraft ? 0 : 1),
  },
  'a merge': {
    operation: 'pulls/merge',
    prepare: ({ opened }) => opened(),
    write: mergeIt,
    effects: async ({ github, baseSha }) =>
      Number(await github.git('rev-list', '--count', '--first-parent', `${baseSha}..main`)),
  },
  'a close': {
    operation: 'pulls/update',
    prepare: ({ opened }) => opened(),
    write: ({ forge, repo }) => forge.closePullRequest(repo, { number: 1, url: '' }),
    effects: async ({ github }) => (github.issue(1).state === 'closed' ? 1 : 0),
  },
};

async function mergeIt({ forge, repo, baseSha, headSha, merge }: Ready) {
  const mergeSha = await merge(baseSha, headSha);
  const outcome = await forge.merge(repo, { number: 1, url: '' }, { headSha, baseSha, mergeSha });
  expect(outcome.outcome).toBe('merged');
}

/** As a step does it: a fault that may pass is tried again. */
async function untilDone(write: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await write();
      return;
    } catch (error) {
      if (!(error instanceof FactoryError) || !error.retryable || tries === 3) throw error;
    }
  }
}

const cases = Object.entries(writings).map(([name, writing]) => ({ name, ...writing }));

describe('has one effect on GitHub (I3, I4)', () => {
  it.each(cases)('$name whose answer is lost, and finds that by itself', async (writing) => {
    const { operation, prepare, write, effects } = writing;
    const stage = await ready();
    await prepare(stage);
    const before = stage.github.callsTo(operation).length;
    stage.github.faults.loseAnswer(operation);
    await write(stage);
    expect(await effects(stage)).toBe(1);
    // Git's own client may send a push again over a new connection.
    const sent = stage.github.callsTo(operation).length - before;
    expect(sent).toBeLessThanOrEqual(operation.startsWith('git/') ? 2 : 1);
    await untilDone(() => write(stage));
    expect(await effects(stage)).toBe(1);
  });

  it.each(cases)('$name that fails with a 502 and is tried again', async ({ operation, prepare, write, effects }) => {
    const stage = await ready();
    await prepare(stage);
    stage.github.faults.status(operation, 502);
    await untilDone(() => write(stage));
    expect(await effects(stage)).toBe(1);
  });

  it.each(cases.filter(({ operation }) => !operation.startsWith('git/')))(
    '$name that a gateway calls failed though it was done',
    async ({ operation, prepare, write, effects }) => {
      const stage = await ready();
      await prepare(stage);
      stage.github.faults.statusAfter(operation, 504);
      await write(stage);
      expect(await effects(stage)).toBe(1);
      expect(stage.github.callsTo(operation)).toHaveLength(1);
    },
  );
});
