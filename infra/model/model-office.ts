import type { ModelSettings } from '#src/model-settings.ts';
import type { Log } from '#src/ports/log.ts';
import type { Model, ModelOffice } from '#src/ports/model.ts';
import { createOpenAiModel } from './openai-model.ts';

/** The personas' models. Those with the same endpoint, key and model share one, with all that was found out about it. */
export function createModelOffice({ endpoints, timeoutSeconds, windowTokens }: ModelSettings, log: Log): ModelOffice {
  const models = new Map<string, Model>();
  return {
    for(persona) {
      const { apiKey, baseUrl, model: name, price } = endpoints[persona];
      const key = JSON.stringify([baseUrl, apiKey, name]);
      const model =
        models.get(key) ?? createOpenAiModel({ apiKey, baseUrl, model: name, windowTokens, timeoutSeconds, log });
      models.set(key, model);
      return { model, price };
    },
  };
}
