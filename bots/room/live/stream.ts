import type { Desk } from '#src/desk/desk.ts';
import type { Log } from '#src/ports/log.ts';
import { drawChanges } from './changes.ts';
import { takeSnapshot, type Drawing, type Snapshot } from './drawn.ts';

/** Changes that come in a burst are drawn once. */
const gatherMs = 60;
/** Proxies and browsers drop silent connections; each beat also looks whether anything was missed. */
const defaultBeatMs = 15_000;

export interface LiveOptions {
  desk: Pick<Desk, 'onPosts'>;
  /** Null: what was shown is gone. */
  draw: () => Promise<Drawing | null>;
  /** Digest of what the browser already shows. */
  seen: string | null;
  log: Log;
  beatMs?: number;
}

/**
 * Server-sent events for one page. Every event carries the digest of the state that it leads to; a browser that
 * lost the line names its last one and gets what it missed.
 */
export function openLiveStream(options: LiveOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let shown: Snapshot | null = null;
  let seen = options.seen;
  let closed = false;
  let drawing = false;
  let dirty = false;
  let timer: NodeJS.Timeout | null = null;
  let stop = (): void => undefined;
  let resume = (): void => undefined;

  const close = (): void => {
    closed = true;
    stop();
    if (timer !== null) clearTimeout(timer);
  };

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string): void => {
          if (!closed) controller.enqueue(encoder.encode(text));
        };
        const redraw = async (): Promise<void> => {
          const drawn = await options.draw();
          if (drawn === null || closed) return;
          const next = await takeSnapshot(drawn);
          const before = shown ?? (next.digest === seen ? next : null);
          const changes = await drawChanges(before, next);
          shown = next;
          seen = null;
          if (changes !== null) send(asEvent(next.digest, changes));
        };
        const refresh = async (): Promise<void> => {
          // A slow reader gets the newest state once it has read the last one, not every state between.
          dirty = true;
          if (drawing) return;
          drawing = true;
          try {
            while (dirty && !closed && (controller.desiredSize ?? 0) > 0) {
              dirty = false;
              await redraw();
            }
          } catch (error) {
            options.log.warn(
              { error: error instanceof Error ? error.message : String(error) },
              'The room could not draw a change; it tries again.',
            );
          } finally {
            drawing = false;
          }
        };
        const gather = (): void => {
          timer ??= setTimeout(() => {
            timer = null;
            void refresh();
          }, gatherMs);
        };
        const unsubscribe = options.desk.onPosts(gather);
        const beat = setInterval(() => {
          if ((controller.desiredSize ?? 0) > 0) send(': still here\n\n');
          void refresh();
        }, options.beatMs ?? defaultBeatMs);
        beat.unref();
        stop = () => {
          unsubscribe();
          clearInterval(beat);
        };
        resume = () => {
          if (dirty) void refresh();
        };
        send(': connected\n\n');
        void refresh();
      },
      pull: () => resume(),
      cancel: close,
    },
    { highWaterMark: 8 },
  );
}

function asEvent(id: string, markup: string): string {
  return `id: ${id}\n${markup
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}`)
    .join('\n')}\n\n`;
}
