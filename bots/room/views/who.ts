import { html } from 'hono/html';
import type { Author } from '#src/ports/chat.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { Html } from '../html.ts';
import type { Look } from './look.ts';

const personas: Readonly<Record<PersonaName, { name: string; does: string }>> = {
  tess: { name: 'Tess', does: 'hands out the work' },
  piper: { name: 'Piper', does: 'shapes the idea' },
  mason: { name: 'Mason', does: 'plans' },
  ollan: { name: 'Ollan', does: 'builds' },
  vera: { name: 'Vera', does: 'checks' },
  moltbot: { name: 'Moltbot', does: 'remembers' },
};

export function authorName(author: Author, look: Look): string {
  if (author.kind === 'persona') return personas[author.name].name;
  return author.kind === 'person' && author.name === look.actor ? 'You' : author.name;
}

/** Consecutive posts with the same key group together. */
export function authorKey(author: Author): string {
  return `${author.kind}:${author.name}`;
}

function mark(file: string, look: Look): Html {
  return html`<img class="mark" src="${look.asset(`marks/${file}.svg`)}" alt="" width="32" height="32">`;
}

function initial(name: string): Html {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return html`<span class="mark initial" aria-hidden="true">${first?.segment.toUpperCase() ?? '·'}</span>`;
}

export function authorMark(author: Author, look: Look): Html {
  if (author.kind === 'persona') return mark(author.name, look);
  if (author.kind === 'factory') return mark('workbench', look);
  return initial(authorName(author, look));
}

/** The mark of somebody in an imported conversation. */
export function speakerMark(speaker: string, role: 'person' | 'assistant', look: Look): Html {
  return role === 'assistant' ? mark('assistant', look) : initial(speaker);
}

/** The mark of whoever holds a step: a persona by its name, else an initial. */
export function agentMark(agent: string, look: Look): Html {
  const name = agent.toLowerCase();
  return Object.hasOwn(personas, name) ? mark(name, look) : initial(agent);
}

/** What a persona does, in two or three words, for those who meet it first. */
export function authorDoes(author: Author): string | null {
  return author.kind === 'persona' ? personas[author.name].does : null;
}
