import type { PersonaName } from '#src/ports/personas.ts';

/** How a persona shows up, which packets it deals in, and what it may do when it thinks. */
export interface Persona {
  name: PersonaName;
  /** What it does, as its own words on a card would say it. */
  role: string;
  accepts: readonly string[];
  returns: readonly string[];
  /**
   * Which tools a model may use in its name; what does not stand here is denied. `test-files`: for paths that name a
   * test, and no others.
   */
  tools: Readonly<Record<string, 'yes' | 'test-files'>>;
}
