import { draft } from './support.ts';
import type { Name, Record_, RecordWith } from './history-task.ts';
import { ofTask, opened, run } from './history-task.ts';

/** A merged task that is taken back by another, and brought back by a third. */
export async function writeReverts(recordWith: RecordWith, record: Record_, id: Name, word: string): Promise<void> {
  const back = { task: 't-back', number: 21, reverts: ['t1'] };
  const again = { task: 't-again', number: 22, reverts: ['t-back', 't1'] };
  for (const revert of [back, again]) {
    await open(recordWith, record, id, word, revert);
    await merge(record, id, revert);
  }
}

interface Revert {
  task: string;
  number: number;
  reverts: readonly string[];
}

/** The feature that a task has to itself. */
const FEATURES: Readonly<Record<string, string>> = { t1: 'f-search', 't-back': 'f-back', 't-again': 'f-again' };
const chainOf = (id: Name, reverts: readonly string[]) =>
  reverts.map((task) => ({ taskId: id(task), featureId: id(FEATURES[task] ?? task) }));

async function open(
  recordWith: RecordWith,
  record: Record_,
  id: Name,
  word: string,
  { task, number, reverts }: Revert,
): Promise<void> {
  const [undone = ''] = reverts;
  const [taskId, actor] = [id(task), 'ada'];
  await record(
    `task:${id(undone)}`,
    draft('revert.opened', { taskId: id(undone), revertTaskId: taskId }, { taskId: id(undone), actor }),
  );
  const brief = { title: `Revert "${word}"`, criteria: [{ id: 'c1', text: `${word} is gone` }] };
  await recordWith(`task:${taskId}`, 'task-brief', brief, () =>
    draft(
      'revert.committed',
      {
        taskId,
        projectId: id('p'),
        conversationId: id('talk'),
        storyId: id('s-search'),
        sprintId: id('sprint'),
        featureId: id(FEATURES[task] ?? task),
        repoId: id('repo'),
        number,
        points: 0,
        dependsOn: [],
        requester: 'ada',
        reverts: chainOf(id, reverts),
        landed: { mergedSha: 'm1', baseSha: 'a1', headSha: 'b2' },
      },
      { taskId, actor },
    ),
  );
}

function merge(record: Record_, id: Name, { task, number, reverts }: Revert) {
  const taskId = id(task);
  return record(
    `task:${taskId}`,
    draft('task.claimed', { ...ofTask(id, task), runNumber: 1 }, run(id, task)),
    opened(id, task, number),
    draft(
      'pull-request.merged-by-hand',
      {
        taskId,
        runId: id(`${task}-r`),
        pullRequestId: id(`${task}-pr`),
        storyId: id('s-search'),
        featureId: id(FEATURES[task] ?? task),
        mergedBy: 'github:ada',
        mergedSha: `m-${task}`,
        reverts: chainOf(id, reverts),
      },
      run(id, task),
    ),
  );
}
