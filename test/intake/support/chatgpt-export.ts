/** Small ChatGPT conversations to build exports of. */

export function message(role: string, content: unknown, more: Record<string, unknown> = {}): Record<string, unknown> {
  const shaped = typeof content === 'string' ? { content_type: 'text', parts: [content] } : content;
  return { author: { role }, content: shaped, ...more };
}

/** A chain: each message answers the one before it. Node ids are `n0`, `n1`, …; `n0` is the empty root. */
function chain(messages: readonly (Record<string, unknown> | null)[]): Record<string, unknown> {
  const mapping: Record<string, unknown> = { n0: { id: 'n0', parent: null, message: null } };
  for (const [index, each] of messages.entries()) {
    const id = `n${index + 1}`;
    mapping[id] = { id, parent: `n${index}`, message: each === null ? null : { id, ...each } };
  }
  return mapping;
}

export function chatgptConversation(
  messages: readonly (Record<string, unknown> | null)[],
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    conversation_id: 'c-1',
    title: 'A plan',
    mapping: chain(messages),
    current_node: `n${messages.length}`,
    ...more,
  };
}
