import { createHmac } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { openFront } from '#test/desk/front.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import { openFactory } from './open-factory.ts';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** As Slack signs a request. */
function signed(secret: string, timestamp: number, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

it('the factory hears Slack over signed HTTP on loopback, and nobody else (C26)', async () => {
  const front = await openFront();
  const slack = await startSlack();
  const app = slack.apps.workbench;
  const projectId = await front.project();
  const place = { surface: 'slack', team: slack.team.id, channel: slack.channels.ideas } as const;
  await front.desk.bindChannel('slack:U0ANA', place, { projectId, name: 'ideas', listen: 'mentions' });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/slack/events`;
  const delivery = { kind: 'http', signingSecret: app.signingSecret, port } as const;
  const factory = await openFactory(front, slack, app, delivery);
  app.sendTo(url);

  const said = slack.people.ana.say('ideas', '@workbench Build a function greet(name).');
  await slack.settled();
  await factory.settle();
  expect(await front.desk.threadAt({ ...place, root: said.ts })).toMatchObject({ kind: 'idea' });

  const picture = await fetch(new URL('/slack/avatars/mason.png', url));
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(
    Buffer.from(await picture.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  for (const path of ['/slack/avatars/nobody.png', '/slack/avatars/..%2Fspeakers.ts', '/slack/avatars/'])
    expect((await fetch(new URL(path, url))).status).toBe(404);

  const body = JSON.stringify({ type: 'event_callback', event_id: 'EvFORGED', event: { type: 'message' } });
  const now = Math.floor(Date.now() / 1000);
  for (const [timestamp, signature] of [
    [now, `v0=${'0'.repeat(64)}`],
    [now, null],
    [now, signed('another-secret', now, body)],
    [now, signed(app.signingSecret, now, `${body} `)],
    // Slack's own window is five minutes: https://docs.slack.dev/authentication/verifying-requests-from-slack
    [now - 6 * 60, signed(app.signingSecret, now - 6 * 60, body)],
  ] as const) {
    const headers = {
      'content-type': 'application/json',
      'x-slack-request-timestamp': String(timestamp),
      ...(signature === null ? {} : { 'x-slack-signature': signature }),
    };
    const answer = await fetch(url, { method: 'POST', headers, body });
    expect([answer.status, signature, (await answer.text()).includes(app.signingSecret)]).toEqual([
      401,
      signature,
      false,
    ]);
  }
  // What the factory itself said comes back as an event at any moment, so only the forged one is asked for.
  const kept = await front.tools.unitOfWork.inbox.pending('slack', 100);
  expect(kept.filter(({ payload }) => payload.includes('EvFORGED'))).toEqual([]);
  await factory.stop();
  await slack.close();
  await front.close();
}, 120_000);
