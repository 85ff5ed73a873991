import type { SlackTools } from '../slack-tools.ts';

/** Eyes on a message: it is kept, whatever happens now. Best effort; people may forbid reactions. */
export async function showKept(
  { client, log }: Pick<SlackTools, 'client' | 'log'>,
  { channel, ts }: { channel: string; ts: string },
): Promise<void> {
  try {
    await client.reactions.add({ channel, timestamp: ts, name: 'eyes' });
  } catch (error) {
    log.debug({ surface: 'slack', channel, error: String(error) }, 'no eyes on a message');
  }
}
