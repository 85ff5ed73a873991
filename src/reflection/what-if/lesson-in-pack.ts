import { HEADINGS } from '#src/context-pack/build-pack.ts';
import { wrapWithin } from '#src/context-pack/fill-part.ts';
import { lessonItems } from '#src/context-pack/pack-items.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import { packedLesson } from '../lessons/packed-lesson.ts';
import { relevantLessons } from '../lessons/relevant.ts';

/** A part of a pack as it stands in a persona's material. Positions are those of the text. */
interface Part {
  heading: string;
  start: number;
  end: number;
  blocks: Block[];
}

interface Block {
  origin: string;
  start: number;
  end: number;
}

const KNOWN_HEADINGS = new Set<string>(Object.values(HEADINGS));
const FOREVER = '9999-12-31T00:00:00.000Z';

/** Whether a step whose material this is would be given the lesson, were it in force. No pack, no lesson. */
export function isForStep(lesson: LessonRow, persona: PersonaName, material: string): boolean {
  const parts = readPack(material);
  if (parts.length === 0) return false;
  const words = parts
    .filter(({ heading }) => heading === HEADINGS.task || heading === HEADINGS.packets)
    .map(({ start, end }) => material.slice(start, end))
    .join('');
  const inForce: LessonRow = { ...lesson, status: 'accepted', expiresAt: FOREVER, conflictsWith: [] };
  return relevantLessons([inForce], { persona, paths: [], words, at: new Date(0) }).length > 0;
}

/**
 * The material with the lesson in its pack, written as a pack writes it, after those that are there. Where it was in
 * already, in these words, nothing changes. What a lesson takes of the room for files is not taken from them.
 */
export function withLesson(material: string, lesson: LessonRow): string {
  const text = blockOf(lesson);
  const parts = readPack(material);
  const part = parts.find(({ heading }) => heading === HEADINGS.lessons);
  if (part === undefined) {
    const at = parts.find(({ heading }) => heading === HEADINGS.notes)?.start ?? parts.at(-1)?.end ?? 0;
    return spliced(material, at, at, `## ${HEADINGS.lessons}\n\n${text}`);
  }
  const before = part.blocks.find((block) => isOf(block, lesson));
  if (before === undefined) return spliced(material, part.end, part.end, text);
  const isSame = wordsOf(material.slice(before.start, before.end)) === wordsOf(text);
  return isSame ? material : spliced(material, before.start, before.end, text);
}

/** The material without the lesson; the same where it was not in. */
export function withoutLesson(material: string, lesson: LessonRow): string {
  const part = readPack(material).find(({ heading }) => heading === HEADINGS.lessons);
  const block = part?.blocks.find((one) => isOf(one, lesson));
  if (part === undefined || block === undefined) return material;
  return part.blocks.length === 1
    ? spliced(material, part.start, part.end, '')
    : spliced(material, block.start, block.end, '');
}

/** Reads a pack off the beginning of a material; what follows it is left alone. Headings inside outside text do not count. */
function readPack(material: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (;;) {
    const [head = '', heading = ''] = /^## ([^\n]+)\n\n/.exec(material.slice(at, at + 100)) ?? [];
    if (!KNOWN_HEADINGS.has(heading)) return parts;
    const part: Part = { heading, start: at, end: at + head.length, blocks: [] };
    for (let block = readBlock(material, part.end); block !== null; block = readBlock(material, part.end)) {
      part.blocks.push(block);
      part.end = block.end;
    }
    parts.push(part);
    at = part.end;
  }
}

function readBlock(material: string, start: number): Block | null {
  const opening = /<outside origin="([^"\n]*)" id="([^"\n]*)">\n/y;
  opening.lastIndex = start;
  const [, origin, id] = opening.exec(material) ?? [];
  if (origin === undefined) return null;
  const closing = `\n</outside id="${id}">\n\n`;
  const at = material.indexOf(closing, opening.lastIndex - 1);
  return at === -1 ? null : { origin, start, end: at + closing.length };
}

function blockOf(lesson: LessonRow): string {
  const shown = lesson.status === 'accepted' ? lesson : { ...lesson, decidedBy: null, decidedAt: null };
  const [item] = lessonItems([packedLesson(shown)]);
  const piece = item === undefined ? null : wrapWithin(item, Number.MAX_SAFE_INTEGER);
  if (piece === null) throw new Error('a lesson always fits into all the room there is');
  return piece.text;
}

/** A lesson is told by its number, with which its title begins; who accepted it when may read otherwise by now. */
function isOf({ origin }: Block, lesson: LessonRow): boolean {
  const [name] = packedLesson(lesson).title.split(',');
  return origin === name || origin.startsWith(`${name},`);
}

function wordsOf(block: string): string {
  return block.slice(block.indexOf('\n') + 1, block.lastIndexOf('\n</outside'));
}

function spliced(text: string, start: number, end: number, put: string): string {
  return text.slice(0, start) + put + text.slice(end);
}
