import { draft } from './support.ts';
import { type Name, type Record_, type RecordWith, run } from './history-task.ts';

/** How people steer: words that are heard, a budget allowed, the branch taken over and handed back, the model switched. */
export async function writeSteering(recordWith: RecordWith, record: Record_, id: Name, word: string): Promise<void> {
  const stream = `task:${id('t2')}`;
  const taskId = id('t2');
  const mine = run(id, 't2');
  const ada = { ...mine, actor: 'ada', agent: null };
  await recordWith(stream, 'steering', `Rather cafés`, () =>
    draft('steering.given', { taskId, steeringId: id('s1') }, { ...ada, idempotencyKey: `steering:${id('s1')}` }),
  );
  await recordWith(stream, 'steering', `Vera, mind the cafés`, () =>
    draft('steering.given', { taskId, steeringId: id('s2'), to: 'vera' }, ada),
  );
  await record(
    stream,
    draft('steering.heard', { taskId, steeringIds: [id('s1')], persona: 'ollan' }, mine),
    draft(
      'task.waiting',
      { taskId, kind: 'budget', who: 'ada', text: `Used up: ${word}`, budget: { scope: 'task', key: taskId } },
      mine,
    ),
    draft('task.went-on', { taskId, kind: 'budget' }, ada),
    draft('task.taken-over', { taskId, by: 'ada', headSha: 'a1', approvalId: null, checkout: 'in-place' }, ada),
    draft('task.handed-back', { taskId, by: 'ada', headSha: 'a7', isNew: true, state: 'branched' }, ada),
  );
  for (const [scope, key] of [
    ['project', id('p')],
    ['conversation', id('talk')],
  ] as const) {
    const switched = (allowed: boolean) => draft('model.switched', { scope, key, allowed }, { actor: 'ada' });
    await record(`model:${scope}:${key}`, switched(false), switched(scope === 'project'));
  }
}
