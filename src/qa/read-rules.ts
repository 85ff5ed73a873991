import { parseFactoryYaml, RULES_FILES } from './factory-yaml.ts';
import type { ProjectRules, RulesFile } from './factory-yaml.ts';

/** What one commit says of the project; null: nothing. Throws what `parseFactoryYaml` throws. */
export async function readRules(
  readFile: (path: RulesFile) => Promise<Uint8Array | null>,
): Promise<ProjectRules | null> {
  for (const name of RULES_FILES) {
    const file = await readFile(name);
    if (file !== null) return parseFactoryYaml(new TextDecoder().decode(file), name);
  }
  return null;
}
