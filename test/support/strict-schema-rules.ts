type Json = { readonly [key: string]: unknown };

/** https://platform.openai.com/docs/guides/structured-outputs, "Supported schemas". */
const KEYWORDS = new Set(
  'type properties required additionalProperties items enum const anyOf $ref $defs definitions description title'.split(
    ' ',
  ),
);

/** Why a schema may not be strict, or null. Written apart from what makes such schemas, to check on it. */
export function strictSchemaFault(root: unknown): string | null {
  if (!isObject(root) || root['type'] !== 'object' || 'anyOf' in root) return 'the root must be an object.';
  return partFault(root, '$');
}

function partFault(part: unknown, at: string): string | null {
  if (!isObject(part)) return `${at} is no schema.`;
  const odd = Object.keys(part).find((keyword) => !KEYWORDS.has(keyword));
  if (odd !== undefined) return `${at}: '${odd}' is not permitted.`;
  if ('$ref' in part && Object.keys(part).some((keyword) => !['$ref', '$defs', 'definitions'].includes(keyword)))
    return `${at}: $ref cannot have keywords beside it.`;
  const types = Array.isArray(part['type']) ? part['type'] : [part['type']];
  if (types.includes('object')) {
    const names = Object.keys(isObject(part['properties']) ? part['properties'] : {});
    const required = Array.isArray(part['required']) ? part['required'] : [];
    if (part['additionalProperties'] !== false) return `${at}: 'additionalProperties' must be false.`;
    if (names.some((name) => !required.includes(name)) || required.length !== names.length)
      return `${at}: 'required' must name every property.`;
  }
  if (types.includes('array') && !isObject(part['items'])) return `${at}: an array without 'items'.`;
  if (!['type', 'enum', 'const', 'anyOf', '$ref'].some((keyword) => keyword in part)) return `${at} has no 'type'.`;
  for (const [name, inner] of parts(part)) {
    const fault = partFault(inner, `${at}.${name}`);
    if (fault !== null) return fault;
  }
  return null;
}

function parts(part: Json): [string, unknown][] {
  const named = ['properties', '$defs', 'definitions'].flatMap((place) =>
    isObject(part[place]) ? Object.entries(part[place]) : [],
  );
  const listed = Array.isArray(part['anyOf'])
    ? part['anyOf'].map((inner, i): [string, unknown] => [`${i}`, inner])
    : [];
  return [...named, ...listed, ...('items' in part ? [['items', part['items']] as [string, unknown]] : [])];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
