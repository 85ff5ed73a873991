import { describe, expect, it } from 'vitest';
import { createModelOffice } from '#infra/model/model-office.ts';
import type { ModelEndpoint, ModelSettings } from '#src/model-settings.ts';
import { thinkers } from '#src/model-settings.ts';
import { silentLog } from '#src/ports/log.ts';

const shared: ModelEndpoint = {
  baseUrl: 'http://127.0.0.1:1/v1',
  apiKey: null,
  model: 'small',
  price: { inputUsd: 1, outputUsd: 2 },
};
const caps = { tokens: null, usd: null, minutes: null, toolCalls: null };

function settings(own: Partial<Record<(typeof thinkers)[number], ModelEndpoint>>): ModelSettings {
  const endpoints = Object.fromEntries(thinkers.map((name) => [name, own[name] ?? { ...shared }]));
  return {
    endpoints: endpoints as ModelSettings['endpoints'],
    prices: new Map([['other', { inputUsd: 3, outputUsd: 4 }]]),
    windowTokens: 9000,
    timeoutSeconds: 5,
    budgets: { step: caps, task: caps, day: caps },
  };
}

describe('createModelOffice', () => {
  it('gives personas with the same endpoint one model, so that what one finds out helps all', () => {
    const office = createModelOffice(settings({}), silentLog);
    expect(new Set(thinkers.map((name) => office.for(name).model)).size).toBe(1);
    expect(office.for('tess')).toMatchObject({
      model: { name: 'small', windowTokens: 9000 },
      price: { inputUsd: 1, outputUsd: 2 },
    });
  });

  it('keeps models, servers and keys apart', () => {
    const office = createModelOffice(
      settings({
        ollan: { ...shared, model: 'big', price: null },
        vera: { ...shared, baseUrl: 'http://127.0.0.1:2/v1' },
        mason: { ...shared, apiKey: 'sk-own' },
      }),
      silentLog,
    );
    expect(new Set(thinkers.map((name) => office.for(name).model)).size).toBe(4);
    expect(office.for('ollan')).toMatchObject({ model: { name: 'big' }, price: null });
  });

  it('gives the model of another name at the same endpoint, with its own price', () => {
    const office = createModelOffice(settings({}), silentLog);
    expect(office.for('ollan', 'other')).toMatchObject({ model: { name: 'other' }, price: { inputUsd: 3 } });
    expect(office.for('ollan', 'unpriced')).toMatchObject({ model: { name: 'unpriced' }, price: null });
    expect(office.for('ollan', 'small')).toEqual(office.for('ollan'));
  });
});
