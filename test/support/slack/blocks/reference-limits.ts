import { isObject } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import type { Definitions } from './block-schemas.ts';

/** What Slack's reference (https://docs.slack.dev/reference/block-kit) says and its types do not. */
const CHANGES: Readonly<Record<string, Json>> = {
  'PlainTextElement.text': { minLength: 1 },
  'MrkdwnElement.text': { minLength: 1 },
  'RawTextElement.text': { minLength: 1 },
  'ActionsBlock.elements': { minItems: 1 },
  'ContextBlock.elements': { minItems: 1 },
  'SectionBlock.fields': { minItems: 1 },
  'Overflow.options': { minItems: 1, maxItems: 5 },
  'StaticSelect.options': { minItems: 1 },
  'Checkboxes.options': { minItems: 1 },
  'RadioButtons.options': { minItems: 1 },
  'PlainTextInput.max_length': { minimum: 1, maximum: 3000 },
  'PlainTextInput.min_length': { minimum: 0, maximum: 3000 },
  'RichTextBlock.elements': { minItems: 1 },
  // The types let anything stand for a task.
  'PlanBlock.tasks': { items: { $ref: '#/definitions/TaskCardBlock' } },
};

export function applyReferenceLimits(definitions: Definitions): void {
  for (const [at, change] of Object.entries(CHANGES)) {
    const [name = '', key = ''] = at.split('.');
    const properties = definitions[name]?.properties;
    if (!isObject(properties) || !isObject(properties[key]))
      throw new Error(`@slack/types has no ${at} any more. Look at its reference and change CHANGES.`);
    properties[key] = merged(properties[key], change);
  }
  const rows = definitions.TableBlock?.properties;
  if (isObject(rows) && isObject(rows.rows) && isObject(rows.rows.items)) rows.rows.items.maxItems = 20;
}

function merged(property: Json, change: Json): Json {
  return isObject(property) && Array.isArray(property.allOf)
    ? { ...property, allOf: [...property.allOf, change] }
    : { ...property, ...change };
}
