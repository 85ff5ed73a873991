import * as z from 'zod';
import type { Artifact } from '#src/ledger/artifact.ts';
import { tokenWords } from './cards/cost-words.ts';

const MAX_ARTIFACT_CHARACTERS = 100_000;

/** An artifact as a person can read it; a very long one ends early and says so. */
export function readableArtifact(artifact: Pick<Artifact, 'kind' | 'mediaType' | 'content'>): string {
  const text = wholeText(artifact);
  return text.length <= MAX_ARTIFACT_CHARACTERS
    ? text
    : `${text.slice(0, MAX_ARTIFACT_CHARACTERS)}\n… (${text.length - MAX_ARTIFACT_CHARACTERS} characters more)`;
}

function wholeText({ kind, mediaType, content }: Pick<Artifact, 'kind' | 'mediaType' | 'content'>): string {
  if (mediaType !== 'application/json') return content;
  const value: unknown = JSON.parse(content);
  const pack = kind === 'context-pack' ? packContent.safeParse(value).data : undefined;
  return pack === undefined ? JSON.stringify(value, null, 2) : packText(pack);
}

const entry = z.object({ part: z.string(), title: z.string(), tokens: z.number(), why: z.string() });
const packContent = z.object({
  tokens: z.number(),
  parts: z.array(z.object({ part: z.string(), tokens: z.number() })),
  included: z.array(entry),
  leftOut: z.array(entry),
  /** Left out: nobody named any. */
  wanted: z.array(z.object({ named: z.string(), files: z.array(z.string()), why: z.string().nullable() })).default([]),
  text: z.string(),
});
type PackContent = z.infer<typeof packContent>;

/** What a persona was given to think with: first the account of it, then the text itself. */
function packText({ tokens, parts, included, leftOut, wanted, text }: PackContent): string {
  const list = (entries: PackContent['included']) =>
    entries.length === 0
      ? ['  nothing']
      : entries.map((one) => `  ${one.part} · ${one.title} (${tokenWords(one.tokens)}): ${one.why}`);
  return [
    `About ${tokenWords(tokens)}: ${parts.map((one) => `${one.part} ${one.tokens.toLocaleString('en')}`).join(', ')}.`,
    ...['', 'What went in:', ...list(included)],
    ...['', 'What was left out, and why:', ...list(leftOut)],
    ...(wanted.length === 0 ? [] : ['', 'Paths that people named:', ...wanted.map(wantedLine)]),
    ...['', 'The text:', text],
  ].join('\n');
}

function wantedLine({ named, files, why }: PackContent['wanted'][number]): string {
  const taken = files.length === 0 ? 'not taken' : 'taken';
  return `  ${named}: ${taken}.${why === null ? '' : ` ${why}`}`;
}
