import type { Priority } from './canvas.ts';
import type { Piece } from './sentences.ts';

/** What a heading says of all that stands beneath it. */
export interface Governing {
  priority: Priority;
  inMvp: boolean | null;
}

/** Whether a piece announces a list. */
export function endsAsHeading(piece: Piece): boolean {
  return piece.kind === 'heading' || /:\**$/.test(piece.text.trim());
}

/** "For the MVP: login, shared list, reminders": the items. Empty when the sentence is no such list. */
export function listOfFirstVersion(sentence: string): string[] {
  const match = /\b(?:mvp|first version|minimum|v1)\b[^:.]{0,40}:\s+([^:]{8,400})$/i.exec(
    sentence.replace(/[.\s]+$/, ''),
  );
  const items = (match?.[1] ?? '').split(/\s*[,;]\s*(?:and\s+)?/).filter((item) => item !== '');
  return items.length >= 2 ? items : [];
}
