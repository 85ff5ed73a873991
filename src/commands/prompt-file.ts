import { FactoryError } from '#src/errors.ts';
import { diskFile } from './disk-file.ts';

/** Instructions longer than this leave no room to think in. */
const MAX_BYTES = 64 * 1024;

/** Instructions for a persona from a file. Throws FactoryError: those of `diskFile`, `prompt-too-large`, `prompt-not-text`. */
export async function readPromptFile(cwd: string, name: string): Promise<string> {
  const file = await diskFile(cwd, name);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of file.open()) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > MAX_BYTES) {
      throw new FactoryError('prompt-too-large', `${file.name} is longer than ${MAX_BYTES / 1024} KiB.`, {
        fix: 'Say it in fewer words; a persona reads its instructions before every task.',
      });
    }
    chunks.push(part);
  }
  const text = textOf(Buffer.concat(chunks));
  if (text !== null && text.trim() !== '') return text;
  throw new FactoryError(
    'prompt-not-text',
    text === null ? `${file.name} is no UTF-8 text.` : `${file.name} says nothing.`,
    { fix: 'Write the instructions into a text file, as UTF-8.' },
  );
}

/** null: it is no UTF-8, or holds what no text does. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\u0000') ? null : text;
  } catch {
    return null;
  }
}
