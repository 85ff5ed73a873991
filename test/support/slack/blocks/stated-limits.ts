import { isObject } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import type { Definitions } from './block-schemas.ts';

/** A limit that a comment in `@slack/types` states in prose. */
export interface StatedLimit {
  /** `SectionBlock.text` */
  at: string;
  characters: number | null;
  items: number | null;
}

const NUMBER = String.raw`(\d[\d,]*)`;
const CHARACTERS = [
  new RegExp(String.raw`(?:maximum|max)\s+length[^.]*?\b(?:is|of)\s+${NUMBER}(?:\s+characters|\.|$)`, 'i'),
  new RegExp(String.raw`limit(?:ed)?(?:\s+to)?\s+${NUMBER}\s+characters`, 'i'),
];
const FEWER_CHARACTERS = new RegExp(String.raw`must be less than\s+${NUMBER}\s+characters`, 'i');
const ITEMS = [
  new RegExp(String.raw`maximum number of (?:items|options|option groups) is\s+${NUMBER}`, 'i'),
  new RegExp(String.raw`(?:maximum|max)(?: of)?\s+${NUMBER}\s+(?:elements|options|items|blocks|rows|cards)`, 'i'),
];

/** The limits that a property's comment states, or null. */
export function limitsIn(comment: string): Pick<StatedLimit, 'characters' | 'items'> | null {
  const prose = comment.replace(/\s+/g, ' ');
  const fewer = find([FEWER_CHARACTERS], prose);
  const characters = fewer === null ? find(CHARACTERS, prose) : fewer - 1;
  const items = find(ITEMS, prose);
  return characters === null && items === null ? null : { characters, items };
}

function find(patterns: readonly RegExp[], prose: string): number | null {
  for (const pattern of patterns) {
    const found = pattern.exec(prose)?.[1];
    if (found !== undefined) return Number(found.replaceAll(',', ''));
  }
  return null;
}

/** Writes the limits that the comments state into the schemas, and says which they were. */
export function applyStatedLimits(definitions: Definitions): StatedLimit[] {
  const stated: StatedLimit[] = [];
  for (const [name, definition] of Object.entries(definitions))
    for (const properties of propertyMaps(definition))
      for (const [key, property] of Object.entries(properties)) {
        if (!isObject(property) || typeof property.description !== 'string') continue;
        const limits = limitsIn(property.description);
        if (limits === null) continue;
        stated.push({ at: `${name}.${key}`, ...limits });
        properties[key] = limited(property, limits);
      }
  return stated;
}

function propertyMaps(definition: Json): Json[] {
  const alternatives = Array.isArray(definition.anyOf) ? definition.anyOf.filter(isObject) : [definition];
  return alternatives.map(({ properties }) => properties).filter(isObject);
}

function limited(property: Json, { characters, items }: Pick<StatedLimit, 'characters' | 'items'>): Json {
  if (property.type === 'array') {
    const each =
      isObject(property.items) && characters !== null ? shortText(property.items, characters) : property.items;
    return { ...property, items: each, ...(items === null ? {} : { maxItems: items }) };
  }
  return characters === null ? property : shortText(property, characters);
}

/** A string of its own, or a text object that holds one. */
function shortText(schema: Json, characters: number): Json {
  if (schema.type === 'string') return { ...schema, maxLength: characters };
  return { allOf: [schema, { properties: { text: { maxLength: characters } } }] };
}
