import { LLMock } from '@copilotkit/aimock';
import type { ChatRequest } from './model-request-rules.ts';
import { startModelProxy } from './model-proxy.ts';
import type { ModelProxy, ModelProxyOptions } from './model-proxy.ts';

/** What the model says next, in plain terms. */
export interface ScriptedAnswer {
  text?: string;
  toolCalls?: readonly { name: string; arguments: unknown; id?: string }[];
  /** As the endpoint would say it; default: what follows from the answer. */
  finish?: 'stop' | 'tool_calls' | 'length' | 'content_filter';
  usage?: { input: number; output: number };
}

/**
 * A model that says what it was told to, behind the proxy. A list is worked off in order, one answer a request that
 * gets as far as the model (a stream that breaks midway has used up its answer); a function sees the request. Asked
 * beyond the list, it refuses with 418, which nobody asks again after.
 */
export async function startScriptedModel(
  script: readonly ScriptedAnswer[] | ((request: ChatRequest, index: number) => ScriptedAnswer),
  options: Pick<ModelProxyOptions, 'refuse' | 'hold'> = {},
): Promise<ModelProxy> {
  const mock = new LLMock({ port: 0, host: '127.0.0.1', strict: true });
  let index = 0;
  const next = (request: ChatRequest): ScriptedAnswer | undefined => {
    const at = index;
    index += 1;
    return typeof script === 'function' ? script(request, at) : script[at];
  };
  mock.on({ endpoint: 'chat', predicate: () => true }, (request) => {
    const answer = next(request as unknown as ChatRequest);
    if (answer === undefined) {
      return { error: { message: `The script has no answer number ${index}.`, type: 'script' }, status: 418 };
    }
    return inTheirTerms(answer);
  });
  await mock.start();
  const proxy = await startModelProxy({ upstream: `${mock.url}/v1`, ...options });
  return {
    ...proxy,
    close: async () => {
      await proxy.close();
      await mock.stop();
    },
  };
}

function inTheirTerms({ text, toolCalls = [], finish, usage }: ScriptedAnswer) {
  const more = {
    ...(finish === undefined ? {} : { finishReason: finish }),
    ...(usage === undefined
      ? {}
      : {
          usage: {
            prompt_tokens: usage.input,
            completion_tokens: usage.output,
            total_tokens: usage.input + usage.output,
          },
        }),
  };
  const calls = toolCalls.map(({ name, arguments: given, id }) => ({
    name,
    arguments: typeof given === 'string' ? given : JSON.stringify(given),
    ...(id === undefined ? {} : { id }),
  }));
  if (calls.length === 0) return { content: text ?? '', ...more };
  return text === undefined ? { toolCalls: calls, ...more } : { content: text, toolCalls: calls, ...more };
}
