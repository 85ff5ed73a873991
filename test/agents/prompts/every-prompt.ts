import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { mason } from '#agents/mason/persona.ts';
import { ollan } from '#agents/ollan/persona.ts';
import { opening, repairMessage, steeringMessage } from '#agents/thinking/conversation.ts';
import { toolsFor } from '#agents/thinking/allowlist.ts';
import { offersOf } from '#agents/thinking/tool-calls.ts';
import { codeTools } from '#agents/thinking/tools/code-tools.ts';
import { tess } from '#agents/tess/persona.ts';
import { piper } from '#agents/piper/persona.ts';
import type { Worktree } from '#agents/tools/worktree.ts';
import { vera } from '#agents/vera/persona.ts';
import { canonicalJson } from '#src/ledger/canonical-json.ts';

export const AGENTS = path.resolve(import.meta.dirname, '../../../agents');

export const FINGERPRINTS_FILE = path.join(import.meta.dirname, 'fingerprints.json');

/** Where the words to a model are written down: `agents/<persona>/instructions.ts`, and nowhere else. */
export const INSTRUCTION_FILES = readdirSync(AGENTS, { recursive: true, encoding: 'utf8' })
  .filter((file) => path.basename(file) === 'instructions.ts')
  .map((file) => path.join(AGENTS, file));

/** Every text that the factory itself puts before a model, by name: what each persona is told, and what it may use. */
export async function everyPrompt(): Promise<ReadonlyMap<string, string>> {
  const prompts = new Map<string, string>();
  for (const file of INSTRUCTION_FILES) {
    const module = (await import(file)) as Record<string, unknown>;
    for (const [name, text] of Object.entries(module))
      if (typeof text === 'string') prompts.set(`${path.basename(path.dirname(file))}: ${name}`, text);
  }
  const rules = (toolNames: readonly string[]) => opening({ instructions: '', material: '' }, toolNames)[0]?.text ?? '';
  prompts.set('house rules', `${rules([])}\n${rules(['read_file', 'write_file'])}`);
  // The tools are only described here, never run.
  const tools = codeTools({} as Worktree, { mayEdit: () => null, plan: null, sha: '' });
  for (const persona of [tess, piper, mason, ollan, vera])
    prompts.set(`tools of ${persona.name}`, canonicalJson(offersOf(toolsFor(persona, tools))));
  const steering = { steeringId: '1', by: 'Ada', at: '2026-11-20T10:00:00.000Z', text: 'Use a table.', isNew: true };
  prompts.set(
    'words between two answers',
    canonicalJson([steeringMessage(steering), repairMessage(['A field is missing.'])]),
  );
  return prompts;
}

export function fingerprintOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
