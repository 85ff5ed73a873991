import { describe, expect, it } from 'vitest';
import { modelChecks } from '#infra/doctor/model-checks.ts';
import { ModelFailure } from '#src/ports/model-failure.ts';
import type { Model, ModelOffice, ModelProbe } from '#src/ports/model.ts';
import type { PersonaName } from '#src/ports/personas.ts';

const never = new AbortController().signal;

function modelThat(probe: (signal: AbortSignal) => Promise<ModelProbe>): Model {
  const complete = () => Promise.reject(new ModelFailure('model-busy', 'busy', { fix: 'wait', maySpend: false }));
  return { name: 'test-model', windowTokens: 8000, complete, shortcomings: () => [], probe };
}

const officeOf = (choose: (persona: PersonaName) => Model): ModelOffice => ({
  for: (persona) => ({ model: choose(persona), price: null }),
});

describe('modelChecks', () => {
  it('says that none is used, and that this is fine', async () => {
    expect(await modelChecks(null)).toEqual([
      {
        name: 'model',
        state: 'ok',
        detail:
          'None is set, so nothing is sent anywhere. Code from conversations is brought in, tested and reviewed as ever.',
        fix: null,
      },
    ]);
  });

  it('has one line for a model that all share, and asks it once', async () => {
    let asked = 0;
    const model = modelThat(async () => {
      asked += 1;
      return { ok: true, detail: 'It answers.', shortcomings: [] };
    });
    expect(
      await modelChecks(
        officeOf(() => model),
        never,
      ),
    ).toEqual([{ name: 'model', state: 'ok', detail: 'It answers.', fix: null }]);
    expect(asked).toBe(1);
  });

  it('has a line for each model, with who thinks with it, what it lacks and what to do', async () => {
    const lacking = modelThat(async () => ({ ok: true, detail: 'No tools.', shortcomings: ['No tools.'] }));
    const refused = modelThat(async () => ({ ok: false, reason: 'It refuses the key.', fix: 'Set another.' }));
    expect(
      await modelChecks(
        officeOf((persona) => (persona === 'ollan' ? refused : lacking)),
        never,
      ),
    ).toEqual([
      { name: 'model (tess, piper, mason, vera, moltbot)', state: 'warning', detail: 'No tools.', fix: null },
      { name: 'model (ollan)', state: 'missing', detail: 'It refuses the key.', fix: 'Set another.' },
    ]);
  });

  it('does not wait for ever', async () => {
    const model = modelThat(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('late')))),
    );
    const stop = new AbortController();
    const checks = modelChecks(
      officeOf(() => model),
      stop.signal,
    );
    stop.abort();
    expect(await checks).toMatchObject([{ name: 'model', state: 'missing' }]);
  });
});
