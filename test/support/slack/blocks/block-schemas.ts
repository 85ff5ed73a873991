import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomUUID } from 'node:crypto';
import type { Json } from '../workspace/json.ts';

/** The JSON Schemas of Slack's own types, by name. */
export type Definitions = Record<string, Json>;

const ROOTS = ['KnownBlock', 'ModalView', 'HomeView', 'MessageAttachment'] as const;
const MODULES = fileURLToPath(new URL('../../../../node_modules/', import.meta.url));

/**
 * Made from the types in `@slack/types`. The compiler takes seconds for it, so the outcome is kept beside the packages,
 * under the versions of both that it came from.
 */
export async function loadBlockSchemas(): Promise<Definitions> {
  const [types, generator] = await Promise.all([version('@slack/types'), version('ts-json-schema-generator')]);
  const folder = path.join(MODULES, '.cache', 'factory-workbench');
  const file = path.join(folder, `slack-types-${types}-${generator}.json`);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Definitions;
  } catch {
    const definitions = await generate();
    await mkdir(folder, { recursive: true });
    // Several test files may make it at once: whole or not at all.
    const draft = `${file}.${randomUUID()}`;
    await writeFile(draft, JSON.stringify(definitions));
    await rename(draft, file);
    return definitions;
  }
}

async function generate(): Promise<Definitions> {
  const { createGenerator } = await import('ts-json-schema-generator');
  const generator = createGenerator({
    path: path.join(MODULES, '@slack', 'types', 'dist', 'index.d.ts'),
    tsconfig: fileURLToPath(new URL('types.tsconfig.json', import.meta.url)),
    type: ROOTS[0],
    skipTypeCheck: true,
    additionalProperties: false,
    encodeRefs: false,
  });
  const made = ROOTS.map((root) => generator.createSchema(root).definitions ?? {});
  return JSON.parse(JSON.stringify(Object.assign({}, ...made))) as Definitions;
}

async function version(name: string): Promise<string> {
  const text = await readFile(path.join(MODULES, name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
