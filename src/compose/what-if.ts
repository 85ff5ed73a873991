import { whatIfCraft } from '#agents/thinking/what-if.ts';
import type { ModelSettings } from '../model-settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { ModelOffice } from '../ports/model.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { whatIf } from '../reflection/what-if/what-if.ts';
import type { WhatIf, WhatIfTools } from '../reflection/what-if/what-if.ts';
import type { Wish } from '../reflection/what-if/change.ts';
import { cleanLine } from '../safety/clean-text.ts';
import { redactKnown } from '../safety/redact-known.ts';
import { redactSecrets } from '../safety/redact-secrets.ts';

interface Parts {
  unitOfWork: UnitOfWork;
  clock: Clock;
  office: ModelOffice | null;
  settings: ModelSettings | null;
  modelFor: WhatIfTools['modelFor'];
  secrets: readonly string[];
}

/** Replays with one thing changed, on the models that are set up. */
export function openWhatIf({ unitOfWork, clock, office, settings, modelFor, secrets }: Parts) {
  const tools: WhatIfTools = {
    unitOfWork,
    asking: office === null || settings === null ? null : { clock, office, budgets: settings.budgets, secrets },
    modelFor,
    craft: whatIfCraft,
    clean: (text) => cleanLine(redactSecrets(redactKnown(text, secrets))),
  };
  return (options: { runId: string; wish: Wish }, signal: AbortSignal): Promise<WhatIf> =>
    whatIf(tools, options, signal);
}
