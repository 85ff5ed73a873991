import type { JsonSchema } from '#src/ports/model.ts';

/**
 * The JSON Schema that strict structured answers take (https://platform.openai.com/docs/guides/structured-outputs,
 * "Supported schemas"): every property required, no others allowed, few keywords. An optional property becomes one
 * that may be null, and a limit that cannot be kept as a keyword is said in the description. null: what the schema
 * allows cannot be said that way, such as an object of unknown keys.
 */
export function strictSchema(schema: JsonSchema): JsonSchema | null {
  try {
    return strictPart(schema);
  } catch (error) {
    if (error instanceof NotStrict) return null;
    throw error;
  }
}

/** Takes out again the nulls that stand for optional properties. Everything else stays as it is. */
export function withoutStandInNulls(schema: JsonSchema, value: unknown): unknown {
  return withoutNulls(schema, value, schema);
}

class NotStrict extends Error {}

const KEPT = ['type', 'enum', 'const', 'title', '$ref'] as const;
/** In words, since the keyword itself is refused. */
const LIMITS: Readonly<Record<string, (value: unknown) => string>> = {
  minLength: (value) => `at least ${String(value)} characters`,
  maxLength: (value) => `at most ${String(value)} characters`,
  pattern: (value) => `matches ${String(value)}`,
  format: (value) => `format ${String(value)}`,
  minimum: (value) => `at least ${String(value)}`,
  maximum: (value) => `at most ${String(value)}`,
  exclusiveMinimum: (value) => `above ${String(value)}`,
  exclusiveMaximum: (value) => `below ${String(value)}`,
  multipleOf: (value) => `a multiple of ${String(value)}`,
  minItems: (value) => `at least ${String(value)} items`,
  maxItems: (value) => `at most ${String(value)} items`,
};

function strictPart(schema: unknown): JsonSchema {
  if (!isObject(schema)) throw new NotStrict('true and false are no schemas here');
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  const parts = schema['allOf'];
  if (Array.isArray(parts)) {
    if (parts.length !== 1) throw new NotStrict('allOf');
    const { allOf: _, ...rest } = schema;
    return strictPart({ ...rest, ...(isObject(parts[0]) ? parts[0] : {}) });
  }
  for (const keyword of ['not', 'if', 'prefixItems', 'patternProperties', 'dependentSchemas', 'propertyNames']) {
    if (keyword in schema) throw new NotStrict(keyword);
  }
  const made: Record<string, unknown> = {};
  for (const keyword of KEPT) if (keyword in schema) made[keyword] = schema[keyword];
  if ('$ref' in made) return { $ref: made['$ref'], ...definitionsOf(schema) };
  const description = describe(schema);
  if (description !== null) made['description'] = description;
  if (Array.isArray(alternatives)) made['anyOf'] = alternatives.map(strictPart);
  if (isOf(schema, 'object')) Object.assign(made, strictObject(schema));
  if (isOf(schema, 'array')) made['items'] = strictPart(schema['items']);
  if (!('type' in made || 'enum' in made || 'const' in made || 'anyOf' in made)) throw new NotStrict('anything');
  return { ...made, ...definitionsOf(schema) };
}

function strictObject(schema: JsonSchema): JsonSchema {
  const others = schema['additionalProperties'];
  if (others === true || isObject(others)) throw new NotStrict('unknown keys');
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  if (Object.keys(properties).length === 0 && others !== false) throw new NotStrict('unknown keys');
  const required = requiredOf(schema);
  return {
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, part]) => {
        const strict = strictPart(part);
        return [name, required.has(name) ? strict : nullable(strict)];
      }),
    ),
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

function definitionsOf(schema: JsonSchema): JsonSchema {
  const made: Record<string, unknown> = {};
  for (const place of ['$defs', 'definitions']) {
    const parts = schema[place];
    if (!isObject(parts)) continue;
    made[place] = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, strictPart(part)]));
  }
  return made;
}

function describe(schema: JsonSchema): string | null {
  const limits = Object.entries(LIMITS).flatMap(([keyword, say]) => (keyword in schema ? [say(schema[keyword])] : []));
  const said = typeof schema['description'] === 'string' ? [schema['description']] : [];
  const words = [...said, ...(limits.length === 0 ? [] : [`(${limits.join(', ')})`])];
  return words.length === 0 ? null : words.join(' ');
}

function nullable(schema: JsonSchema): JsonSchema {
  const { type, anyOf } = schema;
  if (Array.isArray(anyOf)) return allowsNull(schema) ? schema : { ...schema, anyOf: [...anyOf, { type: 'null' }] };
  if (allowsNull(schema)) return schema;
  if (type === undefined || 'const' in schema) return { anyOf: [schema, { type: 'null' }] };
  const types = Array.isArray(type) ? type : [type];
  const choices = Array.isArray(schema['enum']) ? { enum: [...schema['enum'], null] } : {};
  return { ...schema, ...choices, type: [...types, 'null'] };
}

function allowsNull(schema: unknown): boolean {
  if (!isObject(schema)) return false;
  const { type, anyOf, oneOf } = schema;
  if (type === 'null' || (Array.isArray(type) && type.includes('null'))) return true;
  const alternatives = anyOf ?? oneOf;
  return Array.isArray(alternatives) && alternatives.some(allowsNull);
}

function withoutNulls(schema: unknown, value: unknown, root: JsonSchema): unknown {
  const part = resolve(schema, root);
  if (part === null) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(part['items'], item, root));
  if (!isObject(value)) return value;
  const shape = objectShape(part, value, root);
  if (shape === null) return value;
  const properties = isObject(shape['properties']) ? shape['properties'] : {};
  const required = requiredOf(shape);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, item]) => !(item === null && name in properties && !required.has(name)))
      .map(([name, item]) => [name, name in properties ? withoutNulls(properties[name], item, root) : item]),
  );
}

/** The object schema that `value` was written for: among alternatives, the first whose constants agree with it. */
function objectShape(part: JsonSchema, value: JsonSchema, root: JsonSchema): JsonSchema | null {
  const alternatives = part['anyOf'] ?? part['oneOf'];
  if (!Array.isArray(alternatives)) return part;
  for (const alternative of alternatives) {
    const shape = resolve(alternative, root);
    const properties = shape?.['properties'];
    if (shape === null || !isObject(properties)) continue;
    const agrees = Object.entries(properties).every(
      ([name, property]) => !isObject(property) || !('const' in property) || property['const'] === value[name],
    );
    const isKnown = Object.keys(value).every((name) => name in properties);
    if (agrees && isKnown) return shape;
  }
  return null;
}

function resolve(schema: unknown, root: JsonSchema): JsonSchema | null {
  if (!isObject(schema)) return null;
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  if (!reference.startsWith('#')) return null;
  let found: unknown = root;
  for (const step of reference.split('/').slice(1)) found = isObject(found) ? found[step] : undefined;
  return isObject(found) && found !== schema ? found : null;
}

function requiredOf(schema: JsonSchema): Set<unknown> {
  return new Set<unknown>(Array.isArray(schema['required']) ? schema['required'] : []);
}

function isOf(schema: JsonSchema, type: string): boolean {
  const said = schema['type'];
  return said === type || (Array.isArray(said) && said.includes(type));
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
