import { expect, it } from 'vitest';
import { receiptOf } from '#bots/slack/receiving/delivery.ts';

const body = (app: string, id: string) => ({ api_app_id: app, event_id: id, event: { type: 'message', ts: '1.1' } });

it('two apps may use one event id, and one app uses it once (F13, I1, I2)', () => {
  const keys = [body('A1', 'Ev1'), body('A2', 'Ev1'), body('A1', 'Ev2'), body('A1', 'Ev1')].map(
    (one) => receiptOf(one).key,
  );
  expect(new Set(keys).size).toBe(3);
  expect(keys[3]).toBe(keys[0]);
});
