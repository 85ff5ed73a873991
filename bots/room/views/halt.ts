import { html } from 'hono/html';
import { haltSentence } from '#src/desk/cards/halt-sentence.ts';
import type { HaltView } from '#src/desk/desk.ts';
import type { Html } from '../html.ts';
import { inline } from './text.ts';

/** A banner over every page while the factory is halted; empty, and ready to be filled, while it is not. */
export function drawHalt(halt: HaltView | undefined): Html {
  return html`<div id="halt" class="halt" role="alert">${halt === undefined ? '' : html`<p dir="auto">${inline(haltSentence(halt))}</p>`}</div>`;
}
