import type { CheckView } from '#src/desk/desk.ts';
import type { GitHubSettings } from '#src/github-settings.ts';
import { missing, ok } from './lines.ts';

const NAME = 'github webhooks';
const TIMEOUT_MS = 3_000;
/** What a delivery without a signature gets. */
const UNSIGNED = 401;

/** Whether deliveries would be taken in. Whether GitHub reaches this machine it alone knows. */
export async function checkWebhook(webhook: GitHubSettings['webhook']): Promise<CheckView> {
  if (webhook === null) return ok(NAME, 'No GITHUB_WEBHOOK_SECRET is set, so GitHub is asked every few minutes.');
  const { port } = webhook;
  const where = `port ${port} of this machine, at /github/webhooks`;
  const hint = 'Whether GitHub reaches it, its page says: Settings, Webhooks, Recent Deliveries.';
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/github/webhooks`, {
      method: 'POST',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    if (answer.status === UNSIGNED) return ok(NAME, `Deliveries with the secret come in at ${where}. ${hint}`);
    return missing(NAME, `Another program answers at ${where}.`, 'Set GITHUB_WEBHOOK_PORT to a free port.');
  } catch {
    return ok(NAME, `A secret is set. While \`npm start\` runs, deliveries come in at ${where}. ${hint}`);
  }
}
