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

  const forged = { type: 'event_callback', event_id: 'EvFORGED', event: { type: 'message' } };
  const headers = {
    'content-type': 'application/json',
    'x-slack-request-timestamp': String(Math.floor(Date.now() / 1000)),
  };
  const picture = await fetch(new URL('/slack/avatars/mason.png', url));
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect(
    Buffer.from(await picture.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG');
  for (const path of ['/slack/avatars/nobody.png', '/slack/avatars/..%2Fspeakers.ts', '/slack/avatars/'])
    expect((await fetch(new URL(path, url))).status).toBe(404);

  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` },
    body: JSON.stringify(forged),
  });
  expect(answer.status).toBe(401);
  // What the factory itself said comes back as an event at any moment, so only the forged one is asked for.
  const kept = await front.tools.unitOfWork.inbox.pending('slack', 100);
  expect(kept.filter(({ payload }) => payload.includes('EvFORGED'))).toEqual([]);
  await factory.stop();
  await slack.close();
  await front.close();
}, 120_000);
