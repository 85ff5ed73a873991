import { raw, type html } from 'hono/html';

/** Escaped markup. Every value put into an `html` template is escaped unless it is markup already. */
export type Html = ReturnType<typeof html> | ReturnType<typeof raw>;

/** Nothing at all, where a view has nothing to say. */
export const nothing: Html = raw('');

/** The markup as text, for server-sent events and hashes. */
export async function toText(markup: Html): Promise<string> {
  return String(await markup);
}
