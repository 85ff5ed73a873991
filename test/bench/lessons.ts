import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { indexWords, plainQuery, scoreBm25 } from '#src/context-pack/bm25.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { lessonsStream } from '#src/reflection/lessons/lesson.ts';
import { openPackFloor } from '#test/agents/tools/pack-floor.ts';
import type { PackFloor } from '#test/agents/tools/pack-floor.ts';
import { PROJECT_ROOT } from '#test/e2e/support/workbench.ts';
import { draft, openTestStore } from '#test/persistence/support.ts';
import type { Measure } from './table.ts';
import { median, show, timeMs } from './table.ts';

const LESSONS = 1_000;
const ROUNDS = 15;
const WARM_UP = 3;
const EXPIRES_AT = '2027-05-19T09:00:00.000Z';

/** This project's own source, so that the pack that lessons come on top of is a real one. */
function ownSource(): Record<string, string> {
  const listed = execFileSync('git', ['ls-files', 'src', 'agents'], { cwd: PROJECT_ROOT, encoding: 'utf8' });
  const paths = listed.split('\n').filter((file) => file.endsWith('.ts'));
  return Object.fromEntries(paths.map((file) => [file, readFileSync(path.join(PROJECT_ROOT, file), 'utf8')]));
}

/** Sentences in the words of the source, each for the project, a persona or a folder of it. */
function lessonsFrom(files: Readonly<Record<string, string>>) {
  const paths = Object.keys(files);
  return Array.from({ length: LESSONS }, (_, index) => {
    const file = paths[(index * 7) % paths.length] ?? 'src';
    const words = (files[file] ?? '').match(/[A-Za-z]{4,}/g) ?? [];
    const text = `Lesson ${index}: ${words.slice(20, 50).join(' ')}.`;
    const scope = [
      { kind: 'project' as const, key: null },
      { kind: 'persona' as const, key: 'mason' },
      { kind: 'path' as const, key: path.dirname(file) },
    ][index % 3] ?? { kind: 'project' as const, key: null };
    return { text, scope };
  });
}

async function teach(unitOfWork: UnitOfWork, projectId: string, lessons: ReturnType<typeof lessonsFrom>) {
  await unitOfWork.transact(async (transaction) => {
    const events = lessons.flatMap(({ text, scope }, index) => {
      const lessonId = `${projectId}-${index}`;
      const artifact = jsonArtifact('lesson', { lessonId, text });
      transaction.putArtifact(artifact);
      const offered = { lessonId, projectId, number: index + 1, origin: 'told' as const, kind: 'rule' as const, scope };
      const rest = { about: null, evidence: [], conflictsWith: [] };
      return [
        draft('lesson.proposed', { ...offered, ...rest }, { artifact: artifact.hash }),
        draft('lesson.accepted', { lessonId, expiresAt: EXPIRES_AT }),
      ];
    });
    transaction.append(lessonsStream(projectId), 0, events);
  });
}

/** In turn, so that what else the machine does slows all of them alike. Medians, in ms. */
async function timeEach(works: readonly (() => unknown)[]): Promise<number[]> {
  const times = works.map((): number[] => []);
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    for (const [index, work] of works.entries()) {
      const time = await timeMs(work);
      if (round >= WARM_UP) times[index]?.push(time);
    }
  }
  return times.map(median);
}

async function packing(floor: PackFloor): Promise<() => Promise<unknown>> {
  const taskId = await floor.project.commit();
  return () => floor.packOf(taskId, { windowTokens: 64_000, focus: ['src/desk/say.ts'] });
}

function bm25Over(texts: readonly string[]): () => unknown {
  const documents = texts.map((text, index) => [String(index), text] as const);
  const query = plainQuery('Greet 1\nAs a visitor I want a greeting.\nIt greets by name.\nit is called\nit greets');
  return () => scoreBm25(indexWords(documents, query), query);
}

/** What choosing among many accepted lessons adds to a context pack. */
export const lessonsMeasure: Measure = {
  name: 'lessons',
  async run() {
    const store = await openTestStore();
    try {
      const files = ownSource();
      const lessons = lessonsFrom(files);
      const [none, many] = [await openPackFloor(store.unitOfWork), await openPackFloor(store.unitOfWork)];
      none.files = files;
      many.files = files;
      await teach(store.unitOfWork, many.project.projectId, lessons);
      const [without = 0, withAll = 0, plain = 0] = await timeEach([
        await packing(none),
        await packing(many),
        bm25Over(lessons.map(({ text }) => text)),
      ]);
      const added = withAll - without;
      return [
        {
          title: `a context pack over ${Object.keys(files).length} files, by accepted lessons of the project`,
          columns: ['what', 'ms (median)', 'ratio to no lessons'],
          rows: [
            ['pack, no lessons', show(without, 1), '1'],
            [`pack, ${show(LESSONS, 0)} lessons`, show(withAll, 1), show(withAll / without, 2)],
            ['what the lessons add (aim: under 50 ms)', show(added, 1), ''],
            [`BM25 alone over the ${show(LESSONS, 0)} texts`, show(plain, 1), ''],
          ],
          note: 'With the rows read from PostgreSQL. At most 20 lessons go into a pack, as far as its room for them goes.',
        },
      ];
    } finally {
      await store.close();
    }
  },
};
