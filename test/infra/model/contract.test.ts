import { createOpenAiModel } from '#infra/model/openai-model.ts';
import { silentLog } from '#src/ports/log.ts';
import { describeModelContract } from '#test/contracts/model.ts';

describeModelContract('The OpenAI adapter', ({ url }) =>
  createOpenAiModel({
    baseUrl: url,
    apiKey: 'sk-test-key',
    model: 'test-model',
    windowTokens: 8000,
    timeoutSeconds: 3,
    log: silentLog,
    pause: async () => undefined,
  }),
);
