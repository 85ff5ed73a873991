import { type Name, type Record_, type RecordWith, run } from './history-task.ts';
import { draft } from './support.ts';

/** Calls to a model for the task `t3`: answered, failed with and without cost, one never answered; and a raised budget. */
export async function writeModelCalls(recordWith: RecordWith, record: Record_, id: Name, word: string): Promise<void> {
  const stream = `calls:${id('t3')}`;
  const mine = { ...run(id, 't3'), actor: 'factory', agent: 'mason' };
  const asked = (callId: string, ordinal: number) => () =>
    draft(
      'model.asked',
      {
        callId: id(callId),
        projectId: id('p'),
        conversationId: id('talk'),
        taskId: id('t3'),
        attempt: 1,
        step: 'plan',
        stepKey: `${id('t3-r')}/1/plan`,
        persona: 'mason',
        model: 'small',
        ordinal,
        day: '2026-11-20',
        toolMs: 12.5,
        reservedTokens: 1300,
        reservedMicroUsd: 2600,
      },
      mine,
    );
  const request = (text: string) => ({ messages: [{ role: 'user', text: `${text} ${word}` }] });
  const ofCall = (callId: string) => ({ callId: id(callId), taskId: id('t3') });
  const failed = { code: 'model-busy', latencyMs: 250.5 };
  await recordWith(stream, 'model-request', request('first'), asked('c0', 0));
  await recordWith(stream, 'model-answer', { text: `Yes ${word}`, finish: 'stop' }, () =>
    draft(
      'model.answered',
      {
        ...ofCall('c0'),
        inputTokens: 900,
        cachedTokens: 512,
        outputTokens: 80,
        costMicroUsd: 1925,
        toolCalls: 2,
        latencyMs: 1200.25,
        finish: 'tool-calls',
      },
      mine,
    ),
  );
  await recordWith(stream, 'model-request', request('second'), asked('c1', 1));
  await record(stream, draft('model.failed', { ...ofCall('c1'), ...failed, maySpend: false }, mine));
  await recordWith(stream, 'model-request', request('again'), asked('c1#2', 1));
  await record(stream, draft('model.failed', { ...ofCall('c1#2'), ...failed, maySpend: true }, mine));
  await recordWith(stream, 'model-request', request('once more'), asked('c1#3', 1));
  const raise = { raiseId: id('raise'), taskId: id('t3'), scope: 'task' as const, key: id('t3') };
  await record(stream, draft('budget.raised', raise, { taskId: id('t3') }));
}
