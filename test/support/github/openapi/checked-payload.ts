import { isObject } from '../hub/json.ts';
import type { Json } from '../hub/json.ts';
import type { Description } from './description.ts';

/** What is wrong with the payload of a webhook; null: GitHub could have sent it. */
export function payloadFault(description: Description, event: string, payload: Json): string | null {
  const action = typeof payload.action === 'string' ? `-${payload.action}` : '';
  const place = `${event}${action}`.replaceAll('_', '-');
  const webhook = description.webhooks[place];
  if (!isObject(webhook)) return `GitHub sends no ${place}`;
  const post = description.resolve(webhook.post);
  const content = description.resolve(post.requestBody).content;
  const json = isObject(content) ? content['application/json'] : null;
  const schema = isObject(json) && isObject(json.schema) ? json.schema : {};
  const fault = description.faultIn(payload, schema, `webhook ${place}`);
  return fault === null ? null : `${place}: ${fault}`;
}
