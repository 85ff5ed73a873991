import type { CheckView } from '#src/desk/desk.ts';
import { personaNames } from '#src/ports/personas.ts';

const name = 'slack avatars';
const TIMEOUT_MS = 10_000;

/** Whether the pictures can be had from where Slack will look for them. */
export async function checkAvatars(avatarsUrl: string | null): Promise<CheckView> {
  if (avatarsUrl === null) {
    const detail = 'An emoji stands for each persona. Serve bots/slack/assets/ and set SLACK_AVATARS_URL for pictures.';
    return { name, state: 'ok', detail, fix: null };
  }
  const found = await Promise.all(personaNames.map((persona) => isPicture(`${avatarsUrl}${persona}.png`)));
  const absent = personaNames.filter((_persona, at) => found[at] !== true);
  return absent.length === 0
    ? { name, state: 'ok', detail: 'All six pictures are there.', fix: null }
    : {
        name,
        state: 'warning',
        detail: `No picture at SLACK_AVATARS_URL for ${absent.join(', ')}.`,
        fix: 'Serve the files of bots/slack/assets/ there, without a login.',
      };
}

async function isPicture(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await answer.body?.cancel();
    return answer.ok && answer.headers.get('content-type')?.startsWith('image/') === true;
  } catch {
    return false;
  }
}
