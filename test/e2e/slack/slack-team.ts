import { rmSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { startSlack as connect } from '#bots/slack/create-slack.ts';
import { FACTORY_LANE, openWorkbench } from '#src/compose.ts';
import type { Workbench } from '#src/compose.ts';
import { loadConfig } from '#src/config.ts';
import type { Config } from '#src/config.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import type { StandInSlack } from '#test/support/slack/start-slack.ts';
import { createTempFolder } from '#test/support/temp-folder.ts';
import { waitFor } from '#test/support/wait-for.ts';

/** Ana asks, Ben approves; Cleo may do neither. The factory's bot is called Tess, as the manifest has it. */
export type Team = StandInSlack<'ana' | 'ben' | 'cleo', 'tess', 'ideas'>;

/** A whole workbench with its workers, whose people talk in a stand-in Slack. It goes away with the test. */
export interface SlackTeam {
  slack: Team;
  workbench: Workbench;
  /** Until Slack has delivered, the desk has answered, and Slack shows it. Work on tasks goes on. */
  settle(): Promise<void>;
  /** Until a message of the channel says so. */
  until(words: string): Promise<void>;
  /** Until the only task is in this state, and Slack shows it. Throws when it ended otherwise. */
  untilTask(state: StoryTaskRow['state']): Promise<StoryTaskRow>;
  /** What only this person was told, oldest first. */
  told(person: 'ana' | 'ben' | 'cleo'): string[];
}

/** No waits but those that Slack asks for. */
const AT_ONCE = { postEveryMs: 1, postBurst: 1_000, updateEveryMs: 1, updateBurst: 1_000 };
/** A step of a task takes seconds; this is for a test that would hang without a word. */
const PATIENCE_MS = 360_000;
const ENDED = new Set<string>(['merged', 'cancelled', 'blocked', 'rejected']);

export async function openSlackTeam(env: Readonly<Record<string, string>> = {}): Promise<SlackTeam> {
  const slack: Team = await startSlack({
    people: { ana: { displayName: 'Ana' }, ben: { displayName: 'Ben' }, cleo: { displayName: 'Cleo' } },
    apps: { tess: { botName: 'Tess' } },
    channels: { ideas: {} },
    groups: { leads: { people: ['ben'] } },
  });
  const folder = await createTempFolder();
  const app = slack.apps.tess;
  const settings = {
    WORKBENCH_DATA: `${folder.path}/data`,
    LOG_LEVEL: 'silent',
    APPROVERS: `slack:${slack.people.ben.id}`,
    SLACK_BOT_TOKEN: app.botToken,
    SLACK_APP_TOKEN: app.appToken,
    SLACK_API_URL: slack.url,
    ...env,
  };
  const config = loadConfig(settings, folder.path);
  if (config.slack === null) throw new Error('Slack is not set up');
  const workbench = await openWorkbench(config, {
    npmProgram: null,
    registryHost: null,
    path: process.env['PATH'] ?? null,
  });
  const tools = workbench.deskTools(FACTORY_LANE);
  const chat = await workbench.startChat();
  const worker = await workbench.startWorker(FACTORY_LANE, { taskIds: 'all' });
  const factory = await connect({
    ...tools,
    settings: config.slack,
    desk: workbench.createDesk(),
    models: modelsOf(config),
    pace: AT_ONCE,
  });
  onTestFinished(async () => {
    await factory.stop();
    await worker.stop({ forget: false });
    await chat.stop();
    await workbench.close();
    await slack.close();
    rmSync(folder.path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  const settle = async (): Promise<void> => {
    await slack.settled();
    await factory.settle();
    await chat.settle();
    await factory.settle();
  };
  const isSaid = (words: string): boolean =>
    slack.messages('ideas').some((message) => slack.read(message).includes(words));
  return {
    slack,
    workbench,
    settle,
    async until(words) {
      const giveUpAt = Date.now() + PATIENCE_MS;
      await waitFor(async () => {
        await settle();
        if (Date.now() > giveUpAt) throw new Error(`Nobody says “${words}”:\n${slack.transcript('ideas')}`);
        return isSaid(words);
      });
    },
    async untilTask(state) {
      const { tables } = workbench.unitOfWork;
      let task: StoryTaskRow | undefined;
      await waitFor(async () => {
        [task] = await tables.find('story_tasks', {}, { orderBy: '-number', limit: 1 });
        if (task !== undefined && task.state !== state && ENDED.has(task.state))
          throw new Error(`the task is ${task.state}: ${task.waitingText}\n${slack.transcript('ideas')}`);
        return task?.state === state;
      });
      await settle();
      if (task === undefined) throw new Error('there is no task');
      return task;
    },
    told: (person) => slack.people[person].ephemerals().map((one) => slack.read(one)),
  };
}

/** As the workbench itself names them. */
function modelsOf({ model: settings }: Config): string[] {
  const endpoints = Object.values(settings?.endpoints ?? {});
  return [...new Set(endpoints.map(({ model, baseUrl }) => `${model} at ${new URL(baseUrl).host}`))];
}
