import { onTestFinished } from 'vitest';
import { createOpenAiModel } from '#infra/model/openai-model.ts';
import type { OpenAiModelOptions } from '#infra/model/openai-model.ts';
import { silentLog } from '#src/ports/log.ts';
import { startModelProxy } from '#test/support/model-proxy.ts';
import type { ModelProxyOptions } from '#test/support/model-proxy.ts';
import { startScriptedModel } from '#test/support/scripted-model.ts';

export const never = new AbortController().signal;
export const KEY = 'sk-very-secret-0123456789';

/** A model at `url` that does not really wait between its goes; the waits are in `waits`. */
export function modelAt(url: string, more: Partial<OpenAiModelOptions> = {}) {
  const waits: number[] = [];
  const model = createOpenAiModel({
    baseUrl: url,
    apiKey: KEY,
    model: 'test-model',
    windowTokens: 8000,
    timeoutSeconds: 5,
    log: silentLog,
    pause: async (ms) => void waits.push(ms),
    ...more,
  });
  return { model, waits };
}

/** A server without a model: every answer is a fault that the test asks for. */
export async function bareServer(refuse?: ModelProxyOptions['refuse']) {
  const server = await startModelProxy({ upstream: null, ...(refuse === undefined ? {} : { refuse }) });
  onTestFinished(() => server.close());
  return { server, ...modelAt(server.url) };
}

export async function scripted(script: Parameters<typeof startScriptedModel>[0], refuse?: ModelProxyOptions['refuse']) {
  const server = await startScriptedModel(script, refuse === undefined ? {} : { refuse });
  onTestFinished(() => server.close());
  return { server, ...modelAt(server.url) };
}
