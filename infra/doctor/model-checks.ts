import { thinkers } from '#src/model-settings.ts';
import type { CheckView } from '#src/desk/desk.ts';
import type { Model, ModelOffice } from '#src/ports/model.ts';

const PROBE_TIMEOUT_MS = 90_000;

/** One line for each distinct model, asked live. A model that is missing stops nothing: the personas work without one. */
export async function modelChecks(
  office: ModelOffice | null,
  signal: AbortSignal = AbortSignal.timeout(PROBE_TIMEOUT_MS),
): Promise<CheckView[]> {
  if (office === null) {
    return [
      {
        name: 'model',
        state: 'ok',
        detail:
          'None is set, so nothing is sent anywhere. Code from conversations is brought in, tested and reviewed as ever.',
        fix: null,
      },
    ];
  }
  const users = new Map<Model, string[]>();
  for (const persona of thinkers) {
    const { model } = office.for(persona);
    users.set(model, [...(users.get(model) ?? []), persona]);
  }
  return Promise.all(
    [...users].map(async ([model, personas]): Promise<CheckView> => {
      const who = users.size === 1 ? '' : ` (${personas.join(', ')})`;
      return checkModel(model, who, signal);
    }),
  );
}

async function checkModel(model: Model, who: string, signal: AbortSignal): Promise<CheckView> {
  const name = `model${who}`;
  try {
    const probe = await model.probe(signal);
    if (!probe.ok) return { name, state: 'missing', detail: probe.reason, fix: probe.fix };
    return { name, state: probe.shortcomings.length === 0 ? 'ok' : 'warning', detail: probe.detail, fix: null };
  } catch (error) {
    if (!signal.aborted) throw error;
    const detail = `${model.name} did not answer in ${PROBE_TIMEOUT_MS / 1000} seconds.`;
    return { name, state: 'missing', detail, fix: 'Look whether its server is overloaded, or choose another model.' };
  }
}
