import { afterEach, beforeEach } from 'vitest';
import type { Factory } from '../open-factory.ts';
import { openFactory } from '../open-factory.ts';
import { type Front, openFront } from '#test/desk/front.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import type { StandInSlack } from '#test/support/slack/start-slack.ts';

export type Workspace = StandInSlack<'ana' | 'ben', 'workbench' | 'helper', 'ideas' | 'lounge'>;

export interface Intake {
  slack: Workspace;
  factory: Factory;
  projectId: string;
  /** Until Slack has delivered and the factory has answered. */
  quiet(): Promise<void>;
  /** Speaker, role and text of what was kept of a thread; null: it is none of ours. */
  kept(channel: string, root: string): Promise<[string, string, string][] | null>;
  /** What only this person was told. */
  told(person: 'ana' | 'ben'): string;
}

/** A workspace with another bot beside the factory, whose channel `ideas` works on a project. */
async function openIntake(front: Front, listen: 'mentions' | 'all' = 'mentions'): Promise<Intake> {
  const slack: Workspace = await startSlack({
    people: { ana: { displayName: 'Ana' }, ben: { displayName: 'Ben' } },
    apps: { workbench: { withoutScopes: ['chat:write.public'] }, helper: {} },
    channels: { ideas: {}, lounge: {} },
  });
  const projectId = await front.project();
  const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
  await front.desk.bindChannel('slack:U0ANA', place, { projectId, name: 'ideas', listen });
  const factory = await openFactory(front, slack, slack.apps.workbench);
  return {
    slack,
    factory,
    projectId,
    async quiet() {
      await slack.settled();
      await factory.settle();
      await slack.settled();
    },
    async kept(channel, root) {
      const id = slack.channels[channel as 'ideas'] ?? channel;
      const thread = await front.desk.threadAt({ ...place, channel: id, root });
      const conversation = thread === null ? null : await front.tools.unitOfWork.conversations.get(thread.id);
      return conversation?.messages.map(({ speaker, role, text }) => [speaker, role, text]) ?? null;
    },
    told: (person) =>
      slack
        .ephemerals(person)
        .map((one) => slack.read(one))
        .join('\n'),
  };
}

export const INTAKE_TIMEOUT_MS = 120_000;

export interface OpenedIntake {
  front: Front;
  intake: Intake;
  slack: Workspace;
}

/** One for each test of a file; it goes away with the test. */
export function eachIntake(use: (opened: OpenedIntake) => void): void {
  let opened: OpenedIntake;
  beforeEach(async () => {
    const front = await openFront();
    const intake = await openIntake(front);
    opened = { front, intake, slack: intake.slack };
    use(opened);
  }, INTAKE_TIMEOUT_MS);
  afterEach(async () => {
    await opened.intake.factory.stop();
    await opened.slack.close();
    await opened.front.close();
  });
}
