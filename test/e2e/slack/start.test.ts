import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openWorkbench } from '#src/compose.ts';
import { loadConfig } from '#src/config.ts';
import { workingClone } from '#test/support/repository.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { DoctorDocument } from '../support/documents.ts';
import { E2E_TIMEOUT_MS } from '../support/runs.ts';
import { nodeProject } from '../support/talk.ts';
import { createTestWorkbench } from '../support/workbench.ts';
import type { Ran, TestWorkbench } from '../support/workbench.ts';
import { slackEnv, startProcess } from './slack-process.ts';
import type { Team } from './slack-team.ts';

const IDEA = '@tess We need a function greet(name) in src/greet.js. greet("Ada") must return "Hello, Ada".';
const UNDERSTOOD = 'This is what I understood';
const STORIES = 'no code in the conversation yet';

describe('start, with Slack', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let slack: Team;
  let env: Readonly<Record<string, string>>;
  beforeEach(async () => {
    workbench = await createTestWorkbench();
    slack = await startSlack({
      people: { ana: { displayName: 'Ana' }, ben: { displayName: 'Ben' }, cleo: { displayName: 'Cleo' } },
      apps: { tess: { botName: 'Tess' } },
      channels: { ideas: {} },
    });
    env = slackEnv(slack.url, slack.apps.tess, slack.people.ben.id);
  });
  afterEach(async () => {
    await slack.close();
    await workbench.remove();
  });

  const isConnected = () => waitFor(() => slack.apps.tess.isConnected());
  const bind = async (): Promise<void> => {
    const { ben } = slack.people;
    await ben.command('ideas', `/workbench bind ${workingClone(nodeProject).path}`);
    await waitFor(() => ben.modal() !== null);
    await ben.submit({});
    await waitFor(() => ben.ephemerals().length > 0);
  };
  const answersTo = (said: { ts: string }, words: string): number =>
    slack.replies(said).filter((reply) => slack.read(reply).includes(words)).length;
  const isAnswered = (said: { ts: string }) =>
    waitFor(() => answersTo(said, UNDERSTOOD) > 0 && answersTo(said, STORIES) > 0);
  /** What was due before is sent once an edit that came of later words is seen. */
  const hasSentAll = async (said: { ts: string }): Promise<void> => {
    slack.people.ana.say('ideas', 'It is for editors who write in three languages.', { thread: said });
    await waitFor(() => slack.replies(said).some((reply) => slack.read(reply).includes('6 questions are open')));
  };

  it('answers once, wherever it is killed between the words and the answer (I1, I6)', async () => {
    const first = await startProcess(workbench, env);
    await isConnected();
    await bind();
    const { ana } = slack.people;
    const early = ana.say('ideas', IDEA);
    await waitFor(() =>
      slack.deliveries.all.some(({ type, isAcknowledged }) => type === 'app_mention' && isAcknowledged),
    );
    await first.kill();

    const second = await startProcess(workbench, env);
    await isAnswered(early);
    // Slack has posted, and how it ended is never heard.
    slack.faults.loseAnswer('chat.postMessage');
    const late = ana.say('ideas', IDEA.replaceAll('greet', 'part'));
    await waitFor(() => answersTo(late, UNDERSTOOD) + answersTo(late, STORIES) > 0);
    await second.kill();
    const unheard = ana.say('ideas', IDEA.replaceAll('greet', 'welcome'));
    await slack.settled();

    const third = await startProcess(workbench, env);
    for (const said of [early, late, unheard]) {
      await isAnswered(said);
      await hasSentAll(said);
    }
    for (const said of [early, late, unheard]) {
      expect([answersTo(said, UNDERSTOOD), answersTo(said, STORIES)]).toEqual([1, 1]);
    }
    expect((await third.stop()).exitCode).toBe(0);
  });

  it('takes in what was said while the line was down (F15, I1)', async () => {
    const process = await startProcess(workbench, env);
    await isConnected();
    await bind();
    const { ana } = slack.people;
    const idea = ana.say('ideas', IDEA);
    await isAnswered(idea);
    slack.apps.tess.cutLine();
    slack.deliveryFaults.drop.next(2);
    const unheard = ana.say('ideas', IDEA.replaceAll('greet', 'part'));
    await isConnected();
    await isAnswered(unheard);
    expect([answersTo(unheard, UNDERSTOOD), answersTo(unheard, STORIES)]).toEqual([1, 1]);
    await process.stop();
  });

  it('opens the room though Slack refuses the token, says so once, and doctor names what to do', async () => {
    const healthy = await workbench.run(['doctor'], { env });
    expect(slackChecks(healthy)).toMatchObject({
      slack: { state: 'ok', detail: '@Tess is signed in to Workshop.', fix: null },
      'slack permissions': { state: 'ok' },
      'slack events': { state: 'ok' },
    });
    slack.apps.tess.revoke();
    const process = await startProcess(workbench, env);
    await waitFor(() => process.printed().includes('Slack did not let the app in'));
    const ran = await process.stop();
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout.split('Slack did not let the app in: token_revoked.')).toHaveLength(2);
    expect(ran.stdout).toContain('doctor` names what is missing');
    expect(ran.stdout + ran.stderr).not.toContain(slack.apps.tess.botToken);
    const refused = await workbench.run(['doctor'], { env });
    expect(slackChecks(refused)).toEqual({
      slack: {
        state: 'missing',
        detail: 'Slack does not take SLACK_BOT_TOKEN (token_revoked).',
        fix: expect.stringContaining('Install the app again'),
      },
    });
  });

  it('is let in as soon as Slack takes the token again, and has told of it once', async () => {
    slack.apps.tess.revoke();
    await inTime(async ({ told, halfAMinute }) => {
      for (let tries = 1; tries <= 3; tries += 1) {
        await waitFor(() => slack.callsTo('auth.test').length >= tries && told.length > 0);
        expect(slack.apps.tess.isConnected()).toBe(false);
        if (tries === 3) slack.apps.tess.restore();
        await halfAMinute();
      }
      await isConnected();
      expect(told).toEqual([expect.stringContaining('Slack did not let the app in: token_revoked.')]);
    });
  });

  it('leaves nothing behind of an attempt that Slack gave no line to', async () => {
    slack.faults.error('apps.connections.open', 'invalid_auth', { times: 2 });
    await inTime(async ({ told, halfAMinute }) => {
      await waitFor(() => told.length > 0);
      expect(told).toEqual([expect.stringMatching(/did not open a line.*invalid_auth.*SLACK_APP_TOKEN/s)]);
      const rounds = vi.getTimerCount();
      await halfAMinute();
      await waitFor(() => slack.callsTo('apps.connections.open').length === 2);
      // Rounds of an attempt that failed would go on beside those of the next: two workers, two answers.
      await vi.waitFor(() => expect(vi.getTimerCount()).toBe(rounds), { timeout: 90_000 });
      await halfAMinute();
      await isConnected();
      expect(told).toHaveLength(1);
    });
  });

  /** In this process, so that the time between two attempts can be passed over. */
  async function inTime(
    work: (own: { told: readonly string[]; halfAMinute: () => Promise<unknown> }) => Promise<void>,
  ): Promise<void> {
    const config = loadConfig({ WORKBENCH_DATA: workbench.dataDir, LOG_LEVEL: 'silent', ...env }, workbench.folder);
    const own = await openWorkbench(config, { npmProgram: null, registryHost: null, path: null });
    // Only what is tried again and again: databases have timeouts of their own.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const told: string[] = [];
    const surface = await own.startSurfaces((sentence) => void told.push(sentence));
    try {
      await work({ told, halfAMinute: () => vi.advanceTimersByTimeAsync(30_000) });
    } finally {
      vi.useRealTimers();
      await surface.stop();
      await own.close();
    }
  }
});

/** What the doctor says of Slack, by name. */
function slackChecks(ran: Ran) {
  const { checks } = DoctorDocument.parse(ran.document());
  const ours = checks.filter(({ name }) => name.startsWith('slack'));
  return Object.fromEntries(ours.map(({ name, state, detail, fix }) => [name, { state, detail, fix }]));
}
