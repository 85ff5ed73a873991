import type { IncomingMessage } from 'node:http';

export interface BodyLimits {
  maxBytes: number;
  /** Until the last byte is here. */
  timeoutMs: number;
}

/**
 * The bytes of a request as they came. `too-large` without reading on, `slow` when they take too long, and `cut` when
 * the line went down.
 */
export async function readBody(
  request: IncomingMessage,
  { maxBytes, timeoutMs }: BodyLimits,
): Promise<Buffer | 'too-large' | 'slow' | 'cut'> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 'too-large';
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => end('slow'), timeoutMs);
    const end = (answer: Buffer | 'too-large' | 'slow' | 'cut'): void => {
      clearTimeout(timer);
      request.removeAllListeners('data');
      request.pause();
      resolve(answer);
    };
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) end('too-large');
      else chunks.push(chunk);
    });
    request.on('end', () => end(Buffer.concat(chunks)));
    request.on('error', () => end('cut'));
    request.on('close', () => end('cut'));
  });
}
