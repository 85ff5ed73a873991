import type { Item } from './fill-part.ts';
import type { PackRequest } from './pack.ts';
import { wordsOf } from './words.ts';

export function projectItems(project: PackRequest['project']): Item[] {
  const said = (title: string, lines: readonly string[]): Item[] =>
    lines.length === 0
      ? []
      : [
          {
            title,
            origin: `factory.yaml: ${title.toLowerCase()}`,
            text: lines.join('\n'),
            why: 'the project says so in factory.yaml',
          },
        ];
  return [
    ...said('Goal', project.goal === null ? [] : [project.goal]),
    ...said('Rules', bullets(project.rules)),
    ...said('Terms', bullets(project.terms.map(({ term, meaning }) => `${term}: ${meaning}`))),
    ...said('Protected areas', bullets(project.protectedAreas)),
    ...said('Definition of done', bullets(project.done)),
  ];
}

export function taskItems({ title, narrative, criteria, constraints, openQuestions }: PackRequest['task']): Item[] {
  const item = (name: string, text: string): Item[] =>
    text === ''
      ? []
      : [{ title: name, origin: `the committed story: ${name.toLowerCase()}`, text, why: 'it is the task' }];
  return [
    ...item('Story', [title, narrative].filter(Boolean).join('\n\n')),
    ...item(
      'Acceptance criteria',
      criteria
        .map(({ id, text, steps }) => [`${id}: ${text}`, ...steps.map((step) => `  ${step}`)].join('\n'))
        .join('\n'),
    ),
    ...item('Constraints', bullets(constraints).join('\n')),
    ...item('Open questions', bullets(openQuestions).join('\n')),
  ];
}

export function packetItems(packets: PackRequest['packets']): Item[] {
  return packets.map(({ title, text }) => ({ title, origin: title, text, why: 'a colleague handed it on' }));
}

/** What was said last counts most, so it comes first. */
export function peopleItems(steering: PackRequest['steering']): Item[] {
  return steering.toReversed().map(({ by, text }) => ({
    title: `Reply by ${by}`,
    origin: `reply by ${by} in the task's thread`,
    text,
    why: "a person said it in the task's thread",
  }));
}

/** Messages that criteria cite come before those that only the story rests on. Positions are 1-based for people. */
export function evidenceItems({ evidence, task }: Pick<PackRequest, 'evidence' | 'task'>): Item[] {
  const citing = (position: number) =>
    task.criteria.find((criterion) => criterion.evidence.includes(position))?.id ?? null;
  const items = evidence
    .toSorted((a, b) => a.position - b.position)
    .map(({ position, speaker, text }) => {
      const criterion = citing(position);
      return {
        cited: criterion !== null,
        title: `Message ${position + 1} by ${speaker}`,
        origin: `message ${position + 1} by ${speaker} in the conversation`,
        text,
        why: criterion === null ? 'the story rests on it' : `criterion ${criterion} rests on it`,
      };
    });
  return [...items.filter(({ cited }) => cited), ...items.filter(({ cited }) => !cited)];
}

export function lessonItems(lessons: PackRequest['lessons']): Item[] {
  return lessons.map(({ id, title, text }) => ({
    title,
    origin: title,
    text,
    why: 'people accepted it',
    isWhole: true,
    lessonId: id,
  }));
}

/** Notes that share words with the task first, the others newest first. */
export function noteItems({ notes, task }: Pick<PackRequest, 'notes' | 'task'>): Item[] {
  const wanted = new Set(wordsOf([task.title, task.narrative, ...task.criteria.map(({ text }) => text)].join('\n')));
  const shared = ({ title, text }: { title: string; text: string }) =>
    [...new Set(wordsOf(`${title}\n${text}`))].filter((word) => wanted.has(word)).length;
  return notes
    .map((note) => ({ note, score: shared(note) }))
    .sort((a, b) => b.score - a.score)
    .map(({ note, score }) => ({
      title: note.title,
      origin: `note of an earlier run: ${note.title}`,
      text: note.text,
      why: score > 0 ? 'an earlier task that is much like this one left it' : 'an earlier task left it',
    }));
}

function bullets(lines: readonly string[]): string[] {
  return lines.map((line) => `- ${line}`);
}
