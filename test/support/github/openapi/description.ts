import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { isObject } from '../hub/json.ts';
import type { Json } from '../hub/json.ts';

/** GitHub's own description of its API, with JSON Schemas for what goes in and what comes out. */
export interface Description {
  /** `paths['/repos/{owner}/{repo}'].get` and so on, as published. */
  paths: Record<string, Record<string, Json>>;
  /** By event and action: `issues-opened`, `push`. */
  webhooks: Record<string, Json>;
  /** What a `$ref` stands for; other things as they are. */
  resolve(value: unknown): Json;
  /** What is wrong with a value; null: nothing. `place` names the schema and is where its test is kept. */
  faultIn(value: unknown, schema: Json, place: string): string | null;
}

const require = createRequire(import.meta.url);
const ROOT = 'github';
const FORMATS = {
  uri: (text: string) => URL.canParse(text),
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  email: /^[^\s@]+@[^\s@]+$/,
  ...Object.fromEntries(
    ['int64', 'int32', 'double', 'repo.nwo', 'binary', 'date', 'uri-template', 'timestamp'].map((name) => [name, true]),
  ),
} as const;

let loaded: Description | null = null;

/** Read once a process: 13 MB, of which only the schemas that are asked for are compiled. */
export function githubDescription(): Description {
  loaded ??= load();
  return loaded;
}

function load(): Description {
  // Its main file would load 400 MB, one description after another.
  const file = require.resolve('@octokit/openapi/generated/api.github.com.json');
  const document = JSON.parse(readFileSync(file, 'utf8')) as Json;
  const { components, paths } = document as { components: Json; paths: Description['paths'] };
  delete components.examples;
  toJsonSchema(document);
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    logger: false,
    formats: FORMATS,
    // GitHub's schemas share much: each part is compiled once, and not once more wherever it is used.
    inlineRefs: false,
    code: { optimize: false },
  });
  ajv.addSchema({ components }, ROOT);
  const tests = new Map<string, ValidateFunction>();
  return {
    paths,
    webhooks: document['x-webhooks'] as Json & Record<string, Json>,
    resolve: (value) => follow(document, value),
    faultIn(value, schema, place) {
      const test = tests.get(place) ?? ajv.compile(withRoot(schema) as Json);
      tests.set(place, test);
      return test(value) ? null : said(test.errors?.[0], value);
    },
  };
}

const WITHOUT_SCHEMAS = new Set(['example', 'examples', 'description', 'x-github', 'x-octokit', 'required', 'enum']);

/** Makes JSON Schema, on which ajv works, of OpenAPI 3.0, which says `nullable`. Changes the schemas in place. */
function toJsonSchema(value: unknown): void {
  if (Array.isArray(value)) return value.forEach(toJsonSchema);
  if (!isObject(value)) return;
  for (const key in value) if (!WITHOUT_SCHEMAS.has(key) || isObject(value[key])) toJsonSchema(value[key]);
  // GitHub says oneOf also where several fit: a 409 of repos/create-or-update-file-contents is always two of two.
  if (Array.isArray(value.oneOf) && value.anyOf === undefined) {
    value.anyOf = value.oneOf;
    delete value.oneOf;
  }
  if (value.nullable !== true) return;
  delete value.nullable;
  if (typeof value.type === 'string' && value.enum === undefined) {
    value.type = [value.type, 'null'];
    return;
  }
  const rest = { ...value };
  for (const key in value) delete value[key];
  value.anyOf = [{ type: 'null' }, rest];
}

function withRoot(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withRoot);
  if (!isObject(value)) return value;
  if (typeof value.$ref === 'string') return { $ref: `${ROOT}${value.$ref}` };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withRoot(inner)]));
}

function follow(document: Json, value: unknown): Json {
  if (!isObject(value)) return {};
  if (typeof value.$ref !== 'string') return value;
  let found: unknown = document;
  for (const part of value.$ref.slice(2).split('/')) found = isObject(found) ? found[part] : undefined;
  return follow(document, found);
}

function said(error: ErrorObject | undefined, value: unknown): string {
  if (error === undefined) return 'is wrong';
  const at = error.instancePath.split('/').slice(1);
  let found: unknown = value;
  for (const part of at) found = (found as Json | undefined)?.[part];
  const shown = JSON.stringify(found) ?? 'nothing';
  return `${error.instancePath || '/'} ${error.message ?? 'is wrong'}: ${shown.slice(0, 120)}`;
}
