/** Who speaks in a thread. Personas propose and report; they are never people, and never approve anything. */
export const personaNames = ['tess', 'piper', 'mason', 'ollan', 'vera', 'moltbot'] as const;
export type PersonaName = (typeof personaNames)[number];

export function isPersonaName(name: string): name is PersonaName {
  return (personaNames as readonly string[]).includes(name.toLowerCase());
}

/** The name as people read it. */
export function displayName(persona: PersonaName): string {
  return `${persona.charAt(0).toUpperCase()}${persona.slice(1)}`;
}
