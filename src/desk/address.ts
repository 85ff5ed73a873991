import { isPersonaName, personaNames } from '#src/ports/personas.ts';
import type { PersonaName } from '#src/ports/personas.ts';

const names = personaNames.join('|');
/** `Mason, …` or `Mason: …`; never “Mason is slow today”, nor a list of names. */
const ADDRESS = new RegExp(`^\\s*@?(${names})\\s*[,:，：]\\s*(?!(?:${names})\\b)(?=\\S)`, 'i');

/** The persona that words are for, and the words behind its name; null: they name nobody. */
export function addressIn(text: string): { to: PersonaName; words: string } | null {
  const [whole, name] = ADDRESS.exec(text) ?? [];
  const to = name?.toLowerCase() ?? '';
  return whole !== undefined && isPersonaName(to) ? { to, words: text.slice(whole.length) } : null;
}
