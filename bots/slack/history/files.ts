import { FactoryError } from '#src/errors.ts';
import { bytesSource } from '#src/intake/file-source.ts';
import { extensionOf, isPathToken } from '#src/intake/path-token.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import { actorOf } from '../people/actor.ts';
import type { SlackTools } from '../slack-tools.ts';
import { download, FileRefused } from './download.ts';
import type { Said } from './said.ts';
import type { SlackFile } from './slack-file.ts';

const MAX_TEXT_BYTES = 1024 * 1024;
const MAX_EXPORT_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 10;
const MAX_NAME_CHARACTERS = 100;

/** What came along with a message. */
export interface Brought {
  /** Of text files, as parts of the message. */
  words: string[];
  /** To be told to the person who shared them: what became of exports, and what could not be read. */
  notes: string[];
  /** Conversations that became ideas of their own. */
  imported: number;
}

/**
 * Reads the files of a message. Text belongs to its words; exported conversations become ideas of their own where a
 * project is given. Pictures and the like are left alone.
 */
export async function readFiles(
  tools: SlackTools,
  { files }: Pick<Said, 'files'>,
  exports: { user: string; projectId: string } | null,
): Promise<Brought> {
  const brought: Brought = { words: [], notes: [], imported: 0 };
  for (const file of files.slice(0, MAX_FILES)) {
    const kind = kindOf(file);
    if (kind === null) continue;
    try {
      if (kind === 'text') brought.words.push(inWords(file, await readText(tools, file)));
      else if (exports !== null) await takeExport(tools, file, exports, brought);
    } catch (error) {
      if (!(error instanceof FileRefused) && !(error instanceof FactoryError)) throw error;
      brought.notes.push(error instanceof FactoryError ? `${error.message} ${error.fix}` : error.message);
    }
  }
  return brought;
}

/** Whether there is anything in the files that could be read. */
export function isReadable(file: SlackFile): boolean {
  return kindOf(file) !== null;
}

const textTypes = /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|toml|javascript|typescript|sql|x-sh)\b)/;
const proseEndings: ReadonlySet<string> = new Set(['txt', 'md', 'markdown', 'text']);

function kindOf({ name, mimetype, mode }: SlackFile): 'text' | 'export' | null {
  const ending = extensionOf(name ?? '');
  if (ending === 'zip' || mimetype === 'application/zip') return 'export';
  // ChatGPT and Claude export under these names; any other JSON is a file like others.
  if (/^(?:shared_)?conversations.*\.json$/i.test(name ?? '')) return 'export';
  if (mode === 'snippet' || proseEndings.has(ending) || textTypes.test(mimetype ?? '')) return 'text';
  const isPicture = /^(?:image|audio|video|font)\//.test(mimetype ?? '');
  return !isPicture && ending !== '' && isPathToken(`file.${ending}`) ? 'text' : null;
}

async function readText({ client }: SlackTools, file: SlackFile): Promise<string> {
  const bytes = await download(client, file, MAX_TEXT_BYTES);
  if (bytes.includes(0)) throw new FileRefused(`${nameOf(file)} is no text, so I left it out.`);
  return new TextDecoder().decode(bytes);
}

/** Prose as it is; anything else as a block of code that names its file. */
function inWords(file: SlackFile, text: string): string {
  const name = nameOf(file);
  const ending = extensionOf(name);
  if (ending === '' || proseEndings.has(ending)) return text.trim();
  const info = ending === 'diff' || ending === 'patch' ? 'diff' : isPathToken(name) ? name : ending;
  const longest = Math.max(2, ...[...text.matchAll(/^\s*(`{3,})/gm)].map(([, marks = '']) => marks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${info}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

async function takeExport(
  { client, desk }: SlackTools,
  file: SlackFile,
  { user, projectId }: { user: string; projectId: string },
  brought: Brought,
): Promise<void> {
  const name = nameOf(file);
  const bytes = await download(client, file, MAX_EXPORT_BYTES);
  const { conversations, problems } = await desk.importFile(actorOf(user), projectId, bytesSource(name, bytes));
  brought.imported += conversations.length;
  const count = conversations.length === 1 ? 'one conversation' : `${conversations.length} conversations`;
  const [first, ...more] = problems;
  const left = first === undefined ? '' : ` Left out: ${first.reason}`;
  const others = more.length === 0 ? '' : ` And ${more.length} more.`;
  brought.notes.push(`I took in ${count} from ${name}.${left}${others}`);
}

function nameOf({ name }: SlackFile): string {
  const clean = cleanLine(name ?? '', MAX_NAME_CHARACTERS);
  return clean === '' ? 'a file' : clean;
}
