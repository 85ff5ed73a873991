import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { bytesSource, type FileSource } from '#src/intake/file-source.ts';
import { importConversations } from '#src/intake/import.ts';
import { chatgptConversation, message } from '#test/intake/support/chatgpt-export.ts';

const MB = 1_000_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** An export that is made while it is read, so that only what the import holds on to counts. */
function generatedExport(sizeBytes: number): { source: FileSource; conversations: number } {
  const template = JSON.stringify(
    chatgptConversation(
      Array.from({ length: 40 }, (_each, index) =>
        message(index % 2 === 0 ? 'user' : 'assistant', 'A sentence about chores. '.repeat(40)),
      ),
    ),
  );
  const conversations = Math.ceil(sizeBytes / template.length);
  const encoder = new TextEncoder();
  return {
    conversations,
    source: {
      name: 'conversations.json',
      sizeBytes,
      async *open() {
        for (let index = 0; index < conversations; index += 1) {
          yield encoder.encode(
            `${index === 0 ? '[' : ','}${template.replace('"c-1"', `"c-${index}"`)}${index === conversations - 1 ? ']' : ''}`,
          );
        }
      },
    },
  };
}

/** The most that is reachable after any of ten collections spread over the import. */
async function peakReachableBytes(sizeBytes: number): Promise<number> {
  const { source, conversations } = generatedExport(sizeBytes);
  let read = 0;
  let peak = 0;
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for await (const item of importConversations(source)) {
    expect(item.kind).toBe('conversation');
    read += 1;
    if (read % Math.ceil(conversations / 10) === 0) {
      collectGarbage();
      peak = Math.max(peak, process.memoryUsage().heapUsed - before);
    }
  }
  expect(read).toBe(conversations);
  return peak;
}

describe('memory while importing', () => {
  it('does not grow with the size of the export', async () => {
    await peakReachableBytes(2 * MB);
    const small = await peakReachableBytes(20 * MB);
    const large = await peakReachableBytes(100 * MB);
    // Keeping the conversations would add 80 MB; the ids of those seen are a few kilobytes.
    expect(large - small).toBeLessThan(8 * MB);
  });

  it('reads a zip only as far as it is asked to', async () => {
    const shards = Object.fromEntries(
      Array.from({ length: 20 }, (_each, index) => [
        `conversations-${String(index).padStart(3, '0')}.json`,
        new TextEncoder().encode(
          JSON.stringify([
            chatgptConversation([message('user', `${index} ${Math.random()} `.repeat(2_000))], {
              conversation_id: `c-${index}`,
            }),
          ]),
        ),
      ]),
    );
    const packed = bytesSource('export.zip', zipSync(shards, { level: 0 }));
    const readInPass: number[] = [];
    const counted: FileSource = {
      ...packed,
      async *open() {
        const pass = readInPass.push(0) - 1;
        for await (const chunk of packed.open()) {
          for (let at = 0; at < chunk.byteLength; at += 10_000) {
            readInPass[pass] = at;
            yield chunk.subarray(at, at + 10_000);
          }
        }
      },
    };
    for await (const item of importConversations(counted)) {
      if (item.kind === 'conversation') break;
    }
    expect(readInPass.at(-1)).toBeLessThan(packed.sizeBytes / 4);
  });
});
