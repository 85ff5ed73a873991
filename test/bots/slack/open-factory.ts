import { onTestFinished } from 'vitest';
import { startSlack as connect } from '#bots/slack/create-slack.ts';
import type { Slack } from '#bots/slack/create-slack.ts';
import type { SlackSettings } from '#src/slack-settings.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import type { Front } from '#test/desk/front.ts';
import type { StandInApp } from '#test/support/slack/stand-in-app.ts';
import { waitFor } from '#test/support/wait-for.ts';

/** No waits but those that Slack asks for. */
const AT_ONCE = { postEveryMs: 1, postBurst: 1_000, updateEveryMs: 1, updateBurst: 1_000 };

/** The factory's desk in a stand-in Slack, over a socket. It is disconnected with the test, or by `stop`. */
export async function openFactory(
  front: Front,
  slack: { url: string },
  app: StandInApp,
  delivery: SlackSettings['delivery'] = { kind: 'socket', appToken: app.appToken },
  personaTokens: SlackSettings['personaTokens'] = {},
): Promise<Factory> {
  const settings: SlackSettings = {
    botToken: app.botToken,
    delivery,
    personaTokens,
    avatarsUrl: null,
    commandPrefix: '',
    apiUrl: slack.url,
  };
  const { posts, surfacePosts, people, unitOfWork } = front.tools;
  const connected = await connect({
    settings,
    desk: front.desk,
    posts,
    surfacePosts,
    people,
    unitOfWork,
    onPosts: () => () => {},
    models: ['gpt-test at models.example'],
    clock: systemClock,
    log: silentLog,
    pace: AT_ONCE,
  });
  let stopped: Promise<void> | null = null;
  const stop = () => (stopped ??= connected.stop());
  onTestFinished(stop);
  return {
    ...connected,
    stop,
    /** Until the desk has answered what was said, and Slack shows it. */
    async settle() {
      // A busy machine may lose its line for a moment. What was said meanwhile is read once it is up again.
      if (delivery.kind === 'socket') await waitFor(() => stopped !== null || app.isConnected());
      await connected.settle();
      await front.mirror();
      await connected.settle();
    },
  };
}

export type Factory = Slack;
