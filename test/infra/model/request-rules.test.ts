import { describe, expect, it } from 'vitest';
import { readChatRequest } from '#test/support/model-request-rules.ts';

const user = { role: 'user', content: 'Hello' };
const call = (id: string, more: object = {}) => ({
  id,
  type: 'function',
  function: { name: 'read', arguments: '{}', ...more },
});
const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: 'x' });
const tool = (name: string, more: object = {}) => ({ type: 'function', function: { name, parameters: {}, ...more } });
const refused = (body: object) => {
  const read = readChatRequest({ model: 'm', messages: [user], ...body });
  return 'refused' in read ? read.refused : null;
};
const talk = (...messages: object[]) => refused({ messages: [user, ...messages] });

describe('the proxy takes what OpenAI takes', () => {
  it('lets a talk with tools pass', () => {
    expect(
      talk({ role: 'assistant', content: null, tool_calls: [call('a'), call('b')] }, result('b'), result('a'), user),
    ).toBeNull();
  });

  it.each([
    ['an orphan result', talk(result('a'))],
    [
      'a result that answers another message',
      talk({ role: 'assistant', tool_calls: [call('a')] }, result('a'), user, result('a')),
    ],
    [
      'a call without a result before the next message',
      talk({ role: 'assistant', tool_calls: [call('a'), call('b')] }, result('a'), user),
    ],
    ['a call without a result at the end', talk({ role: 'assistant', tool_calls: [call('a')] })],
    ['two calls with one id', talk({ role: 'assistant', tool_calls: [call('a'), call('a')] }, result('a'))],
    [
      'arguments that are no text',
      talk({ role: 'assistant', tool_calls: [call('a', { arguments: {} })] }, result('a')),
    ],
    ['an unknown role', talk({ role: 'robot', content: 'x' })],
    ['an empty message', talk({ role: 'user', content: '' })],
    ['an empty answer', talk({ role: 'assistant', content: null })],
    ['no messages', refused({ messages: [] })],
    ['an unknown parameter', refused({ windowTokens: 1 })],
    ['two limits', refused({ max_tokens: 1, max_completion_tokens: 1 })],
    ['options of a stream without one', refused({ stream_options: { include_usage: true } })],
    ['a tool name with a dot', refused({ tools: [tool('fs.read')] })],
    ['a tool name that is too long', refused({ tools: [tool('x'.repeat(65))] })],
    ['two tools of one name', refused({ tools: [tool('read'), tool('read')] })],
    [
      'a strict tool whose schema is not',
      refused({ tools: [tool('read', { strict: true, parameters: { type: 'object', properties: {} } })] }),
    ],
    ['JSON without the word', refused({ response_format: { type: 'json_object' } })],
    [
      'a strict shape with a keyword that is not known there',
      refused({
        response_format: {
          type: 'json_schema',
          json_schema: {
            name: 'x',
            strict: true,
            schema: {
              type: 'object',
              properties: { a: { type: 'string', minLength: 1 } },
              required: ['a'],
              additionalProperties: false,
            },
          },
        },
      }),
    ],
  ])('refuses %s', (_, why) => {
    expect(why).not.toBeNull();
  });
});
