import { kill9, workbenchBelow } from '#test/faults/processes.ts';
import type { StandInApp } from '#test/support/slack/stand-in-app.ts';
import { waitFor } from '#test/support/wait-for.ts';
import type { Ran, TestWorkbench } from '../support/workbench.ts';

/** A `start` in a process of its own, which talks to a stand-in Slack. */
export interface SlackProcess {
  /** What it has printed so far. */
  printed(): string;
  /** As a lost machine does it. */
  kill(): Promise<void>;
  /** Ctrl-C. */
  stop(): Promise<Ran>;
}

export function slackEnv(url: string, app: StandInApp, approver: string): Readonly<Record<string, string>> {
  return {
    PORT: '0',
    APPROVERS: `slack:${approver}`,
    SLACK_BOT_TOKEN: app.botToken,
    SLACK_APP_TOKEN: app.appToken,
    SLACK_API_URL: url,
  };
}

/** Starts it and waits for the address of its room; Slack may take longer. */
export async function startProcess(test: TestWorkbench, env: Readonly<Record<string, string>>): Promise<SlackProcess> {
  const { npm, ended } = test.start(['start'], { env });
  let printed = '';
  let isOver = false;
  npm.stdout?.on('data', (text: string) => {
    printed += text;
  });
  void ended.then(() => {
    isOver = true;
  });
  await waitFor(() => {
    if (isOver) throw new Error(`start ended: ${printed}`);
    return /^Room: \S+$/m.test(printed);
  });
  const end = async (signal: 'SIGINT' | 'SIGKILL'): Promise<Ran> => {
    const node = isOver ? null : workbenchBelow(npm.pid ?? 0);
    if (node !== null && signal === 'SIGKILL') kill9(node);
    if (node !== null && signal === 'SIGINT') process.kill(node, signal);
    return ended;
  };
  return {
    printed: () => printed,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGINT'),
  };
}
