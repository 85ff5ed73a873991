import type { WebClient } from '@slack/web-api';
import type { SlackFile } from './slack-file.ts';

const TIMEOUT_MS = 60_000;

/** Why a file could not be had, in words for the person who shared it. */
export class FileRefused extends Error {}

/**
 * The bytes of a file. The token goes to Slack's own hosts and to the one that the Web API is called at, nowhere else:
 * the address stands in a message, and redirects are not followed. FileRefused when it cannot be had.
 */
export async function download(client: WebClient, file: SlackFile, maxBytes: number): Promise<Uint8Array> {
  const name = file.name ?? 'a file';
  const tooLarge = new FileRefused(`${name} is over ${megabytes(maxBytes)} MB, so I left it out.`);
  if ((file.size ?? 0) > maxBytes) throw tooLarge;
  const { url_private: address } = file.file_access === 'check_file_info' ? await inFull(client, file) : file;
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : null;
  if (url === null || !maySeeToken(url, client.slackApiUrl)) {
    throw new FileRefused(`${name} does not lie in Slack, so I left it out. Share the file itself.`);
  }
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${client.token ?? ''}` },
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const isPage = answer.headers.get('content-type')?.startsWith('text/html') === true;
  // Whom Slack does not let in gets its sign-in page, and no error.
  if (!answer.ok || answer.body === null || (isPage && file.mimetype !== 'text/html')) {
    await answer.body?.cancel();
    if (answer.status >= 500) throw new Error(`Slack answered with ${answer.status} to a download`);
    throw new FileRefused(`Slack did not let me read ${name}. The app needs the permission files:read.`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.byteLength;
    // What was announced is not what has to come. Leaving the loop ends the download.
    if (bytes > maxBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function inFull(client: WebClient, { id }: SlackFile): Promise<{ url_private?: string | null | undefined }> {
  return (await client.files.info({ file: id })).file ?? {};
}

function maySeeToken(url: URL, apiUrl: string): boolean {
  if (url.origin === new URL(apiUrl).origin) return true;
  const isSlack = url.hostname === 'slack.com' || url.hostname.endsWith('.slack.com');
  return url.protocol === 'https:' && isSlack && url.port === '';
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / 1024 / 1024);
}
