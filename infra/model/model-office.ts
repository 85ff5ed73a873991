import type { ModelSettings } from '#src/model-settings.ts';
import type { Log } from '#src/ports/log.ts';
import type { Model, ModelOffice } from '#src/ports/model.ts';
import { createOpenAiModel } from './openai-model.ts';

/** The personas' models. Those with the same endpoint, key and model share one, with all that was found out about it. */
export function createModelOffice(
  { endpoints, prices, timeoutSeconds, windowTokens }: ModelSettings,
  log: Log,
): ModelOffice {
  const models = new Map<string, Model>();
  return {
    for(persona, otherModel) {
      const { apiKey, baseUrl, ...own } = endpoints[persona];
      const name = otherModel ?? own.model;
      const price = name === own.model ? own.price : (prices.get(name) ?? null);
      const key = JSON.stringify([baseUrl, apiKey, name]);
      const model =
        models.get(key) ?? createOpenAiModel({ apiKey, baseUrl, model: name, windowTokens, timeoutSeconds, log });
      models.set(key, model);
      return { model, price };
    },
  };
}
