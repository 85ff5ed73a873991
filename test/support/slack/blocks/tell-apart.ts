import { isObject } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import type { Definitions } from './block-schemas.ts';

/**
 * Rewrites every choice between types that name themselves (`type: 'section'`), so that a fault is told about the one
 * that was meant, and not about all of them.
 */
export function tellApart(definitions: Definitions): void {
  const rewrite = (schema: unknown): unknown => {
    if (Array.isArray(schema)) return schema.map(rewrite);
    if (!isObject(schema)) return schema;
    const rewritten = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, rewrite(value)]));
    const choices = isObject(schema) && Array.isArray(schema.anyOf) ? namedChoices(definitions, schema.anyOf) : null;
    if (choices === null) return rewritten;
    const { anyOf: _, ...rest } = rewritten;
    return {
      ...rest,
      type: 'object',
      required: ['type'],
      properties: { type: { enum: [...choices.keys()] } },
      allOf: [...choices].map(([type, schemas]) => ({
        if: { properties: { type: { const: type } }, required: ['type'] },
        then: schemas.length === 1 ? schemas[0] : { anyOf: schemas },
      })),
    };
  };
  for (const [name, definition] of Object.entries(definitions)) definitions[name] = rewrite(definition) as Json;
}

/** The alternatives by the type that each names; null when one of them names none. */
function namedChoices(definitions: Definitions, alternatives: readonly unknown[]): Map<string, Json[]> | null {
  const found = new Map<string, Json[]>();
  for (const alternative of alternatives) {
    if (!isObject(alternative)) return null;
    const types = typesOf(definitions, alternative);
    if (types === null) return null;
    for (const type of types) found.set(type, [...(found.get(type) ?? []), alternative]);
  }
  // All of one type: there is nothing to tell apart.
  return found.size > 1 ? found : null;
}

function typesOf(definitions: Definitions, schema: Json): string[] | null {
  if (typeof schema.$ref === 'string') {
    const target = definitions[schema.$ref.replace('#/definitions/', '')];
    return target === undefined ? null : typesOf(definitions, target);
  }
  if (Array.isArray(schema.anyOf)) {
    const all = schema.anyOf.filter(isObject).map((one) => typesOf(definitions, one));
    return all.includes(null) ? null : [...new Set(all.flatMap((types) => types ?? []))];
  }
  const type = isObject(schema.properties) ? schema.properties.type : undefined;
  if (isObject(type) && typeof type.const === 'string') return [type.const];
  // Already rewritten by an earlier turn.
  return isObject(type) && Array.isArray(type.enum) ? type.enum.map(String) : null;
}
