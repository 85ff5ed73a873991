import { isObject } from '../hub/json.ts';
import type { Json } from '../hub/json.ts';
import type { Description } from './description.ts';

/** One call of the API as its description has it. */
export interface Operation {
  /** `pulls/merge` */
  id: string;
  method: string;
  /** `/repos/{owner}/{repo}/pulls/{pull_number}/merge` */
  template: string;
  /** Null: the request is as described. */
  requestFault(request: { parameters: Json; query: Json; body: Json | unknown[] }): string | null;
  answerFault(status: number, body: unknown): string | null;
}

interface Parameter extends Json {
  name: string;
  in: string;
  required?: boolean;
  schema: Json;
}

/** The operation of that name. Throws when GitHub has none: the stand-in must not know more than GitHub. */
export function findOperation(description: Description, operationId: string): Operation {
  for (const [template, methods] of Object.entries(description.paths))
    for (const [method, operation] of Object.entries(methods))
      if (operation.operationId === operationId)
        return checkedOperation(description, { id: operationId, method: method.toUpperCase(), template, operation });
  throw new Error(`GitHub has no operation ${operationId}.`);
}

function checkedOperation(
  description: Description,
  { id, method, template, operation }: { id: string; method: string; template: string; operation: Json },
): Operation {
  const parameters = (Array.isArray(operation.parameters) ? operation.parameters : []).map(
    (one) => description.resolve(one) as Parameter,
  );
  const bodySchema = schemaOf(description, description.resolve(operation.requestBody));
  const responses = isObject(operation.responses) ? operation.responses : {};
  return {
    id,
    method,
    template,
    requestFault({ parameters: inPath, query, body }) {
      for (const [name, value] of Object.entries(query)) {
        const parameter = parameters.find((one) => one.name === name && one.in === 'query');
        if (parameter === undefined) return `${id} has no parameter ${name}`;
        const fault = description.faultIn(typed(value, parameter.schema), parameter.schema, `${id}?${name}`);
        if (fault !== null) return `${name} ${fault}`;
      }
      for (const { name, required, in: where, schema } of parameters) {
        if (where === 'query' && required === true && query[name] === undefined) return `${name} is missing`;
        if (where !== 'path') continue;
        const fault = description.faultIn(typed(inPath[name], schema), schema, `${id}/${name}`);
        if (fault !== null) return `${name} ${fault}`;
      }
      return bodySchema === null
        ? bodyNotWanted(id, body)
        : (unknownProperty(id, description.resolve(bodySchema), body) ??
            description.faultIn(body, bodySchema, `${id} body`));
    },
    answerFault(status, body) {
      const response = responses[String(status)];
      // Redirections and refusals that hold for every call are not in each description.
      if (response === undefined) return status >= 300 ? null : `${id} never answers ${status}`;
      const schema = schemaOf(description, description.resolve(response));
      if (schema === null || status === 304) return null;
      const fault = description.faultIn(body, schema, `${id} ${status}`);
      return fault === null ? null : `${id} ${status}: ${fault}`;
    },
  };
}

function schemaOf(description: Description, holder: Json): Json | null {
  const content = isObject(holder.content) ? holder.content : {};
  const type = content['application/json'];
  const schema = isObject(type) ? type.schema : undefined;
  return isObject(schema) ? (schema.$ref === undefined ? schema : { ...description.resolve(schema) }) : null;
}

/** Text from an address, as what its schema wants. */
function typed(value: unknown, schema: Json): unknown {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'integer' || type === 'number') return value === '' ? value : Number(value);
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : value;
  return value;
}

/** GitHub would ignore it, and its sender would believe that it did something. */
function unknownProperty(id: string, schema: Json, body: unknown): string | null {
  const known = schema.properties;
  if (!isObject(known) || !isObject(body) || schema.additionalProperties !== undefined) return null;
  const odd = Object.keys(body).find((name) => known[name] === undefined);
  return odd === undefined ? null : `${id} takes no ${odd}`;
}

function bodyNotWanted(id: string, body: unknown): string | null {
  return isObject(body) && Object.keys(body).length === 0 ? null : `${id} takes no body`;
}
