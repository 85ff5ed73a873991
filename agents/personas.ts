import type { PersonaName } from '#src/ports/personas.ts';

/** How a persona shows up and which packets it deals in. */
export interface Persona {
  name: PersonaName;
  /** What it does, as its own words on a card would say it. */
  role: string;
  accepts: readonly string[];
  returns: readonly string[];
}
