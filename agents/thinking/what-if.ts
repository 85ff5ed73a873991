import * as z from 'zod';
import type { Craft } from '#src/reflection/what-if/change.ts';
import { RULES_TITLE } from './house-rules.ts';
import { readAnswer } from './read-answer.ts';
import { fitWindow } from './window.ts';

/** What a what-if has to know of how requests are written here. */
export const whatIfCraft: Craft = {
  replaceInstructions(system, instructions) {
    const at = system.lastIndexOf(`\n\n${RULES_TITLE}\n`);
    return at === -1 ? null : `${instructions.trim()}${system.slice(at)}`;
  },
  fitWindow: (request, windowTokens) => fitWindow(request, windowTokens).request,
  async readAnswer(text, shape) {
    if (shape === null) return { ok: true, value: text };
    const schema = z.fromJSONSchema(shape.schema as z.core.JSONSchema.JSONSchema);
    return readAnswer(text, { name: shape.name, schema, problems: () => [] });
  },
};
