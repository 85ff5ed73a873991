import type { App, Receiver, ReceiverEvent } from '@slack/bolt';

/**
 * Puts a durable insert before the acknowledgement. Bolt acknowledges events before any listener runs, so a process that
 * dies in between would lose them: here a body is accepted first, then acknowledged, and worked on later. When it cannot
 * be accepted nothing is acknowledged, and Slack sends it again.
 */
export function acceptFirst(receiver: Receiver, accept: (body: unknown) => Promise<void>): Receiver {
  return {
    init() {
      const inPlaceOfApp: Pick<App, 'processEvent'> = {
        async processEvent({ body, ack }: ReceiverEvent) {
          await accept(body);
          await ack();
        },
      };
      receiver.init(inPlaceOfApp as App);
    },
    start: (...args) => receiver.start(...(args as unknown[])),
    stop: (...args) => receiver.stop(...(args as unknown[])),
  };
}
