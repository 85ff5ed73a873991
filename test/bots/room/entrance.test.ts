import { describe, expect, test } from 'vitest';
import { createRoom } from '#bots/room/create-room.ts';
import { silentLog } from '#src/ports/log.ts';
import { createFakeDesk } from './fake-desk.ts';
import { createClient, enteredClient, origin, token } from './room-client.ts';

describe('the token', () => {
  test('is exchanged for a cookie and leaves the address', async () => {
    const client = createClient();
    const answer = await client.raw(`/?token=${token}`);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/');
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect(cookie).toContain('workbench-room-4747=');
    expect(cookie).not.toContain(token);
  });

  test('opens a second browser too, with a session of its own', async () => {
    const client = createClient();
    const first = (await client.raw(`/?token=${token}`)).headers.get('set-cookie');
    const second = (await client.raw(`/?token=${token}`)).headers.get('set-cookie');
    expect(second).not.toBeNull();
    expect(second).not.toBe(first);
  });

  test('that is wrong opens nothing', async () => {
    const answer = await createClient().raw('/?token=another-token-of-the-same-length');
    expect(answer.status).toBe(403);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await answer.text()).toContain('no longer good');
  });

  test('that is short is refused at the start', () => {
    const options = {
      desk: createFakeDesk(),
      actor: 'local',
      origin: () => origin,
      uploadFolder: '/tmp',
      log: silentLog,
    };
    expect(() => createRoom({ ...options, token: 'short' })).toThrow(/could be guessed/);
  });
});

describe('the session', () => {
  test.each([
    '/',
    '/projects/project-1',
    '/live?page=home',
    '/why?conversation=idea-1&at=0',
    '/setup/checks',
    '/tasks/task-12/diff',
  ])('is needed for %s', async (path) => {
    const answer = await createClient().raw(path);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain('recipes');
  });

  test.each([
    ['made up', 'workbench-room-4747=abc.def'],
    ['of another token', 'workbench-room-4747=aaaaaaaaaaaaaaaaaaaaaaaa.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['the token itself', `workbench-room-4747=${token}`],
    ['cut', 'workbench-room-4747='],
  ])('cookie that is %s opens nothing', async (_name, cookie) => {
    expect((await createClient().raw('/', { headers: { cookie } })).status).toBe(401);
  });

  test('with a changed id is refused', async () => {
    const client = await enteredClient();
    const cookie = client.cookie().replace('=', '=x');
    expect((await client.raw('/', { headers: { cookie } })).status).toBe(401);
  });

  test('outlives a restart with the same token', async () => {
    const before = await enteredClient();
    const after = createClient();
    expect((await after.raw('/', { headers: { cookie: before.cookie() } })).status).toBe(200);
    const other = createClient({ token: 'another-token-of-32-characters!!' });
    expect((await other.raw('/', { headers: { cookie: before.cookie() } })).status).toBe(401);
  });

  test('that is missing offers a way on within the room only', async () => {
    const client = createClient();
    expect(await (await client.raw('/tasks/task-12')).text()).toContain('href="/tasks/task-12"');
    expect(await (await client.raw('//evil.example/x')).text()).not.toContain('href="//evil');
  });

  test('lets styles through before anybody came in', async () => {
    const client = createClient();
    const page = await (await client.raw('/')).text();
    const sheet = /href="(\/assets\/[^"]+\.css)"/.exec(page)?.[1] ?? '';
    const answer = await client.raw(sheet);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/css');
    expect(answer.headers.get('cache-control')).toContain('immutable');
  });

  test.each([
    '/assets/x/../../package.json',
    '/assets/x/%2e%2e/%2e%2e/package.json',
    '/assets/x/marks/../../session.ts',
    '/assets/x/',
  ])('assets are only ours: %s', async (path) => {
    expect([401, 404]).toContain((await createClient().raw(path)).status);
  });
});

describe('the host', () => {
  test.each([
    'evil.example:4747',
    'evil.example',
    '127.0.0.1:80',
    '127.0.0.1',
    '127.0.0.1.evil.example:4747',
    'localhost:4748',
    '0.0.0.0:4747',
    '[::2]:4747',
    '',
  ])('is refused as %j, also for somebody with a session', async (host) => {
    const client = await enteredClient();
    const answer = await client.get('/', { host });
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain('recipes');
  });

  test.each(['127.0.0.1:4747', 'localhost:4747', 'LOCALHOST:4747', '[::1]:4747'])('is fine as %s', async (host) => {
    const client = await enteredClient();
    expect((await client.get('/', { host })).status).toBe(200);
  });

  test('guards the exchange of the token as well', async () => {
    const answer = await createClient().raw(`/?token=${token}`, { headers: { host: 'evil.example:4747' } });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('set-cookie')).toBeNull();
  });
});

describe('requests of other pages', () => {
  const press = { post: 'p-review', thread: 'task:task-12', version: '1', action: 'approve' };

  test.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:9999', 'sec-fetch-site': 'same-site' }],
    ['a page that names our origin', { origin, 'sec-fetch-site': 'cross-site' }],
    ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['the address bar', { origin: 'null', 'sec-fetch-site': 'none' }],
    ['another site in an old browser', { origin: 'https://evil.example', 'sec-fetch-site': undefined }],
    ['nobody knows', { origin: 'null', 'sec-fetch-site': undefined }],
  ])('do nothing when they come from %s', async (_name, said) => {
    const client = await enteredClient();
    const headers: Record<string, string> = {
      cookie: client.cookie(),
      'x-csrf-token': await client.csrf(),
      'content-type': 'application/x-www-form-urlencoded',
      origin: said.origin,
    };
    if (said['sec-fetch-site'] !== undefined) headers['sec-fetch-site'] = said['sec-fetch-site'];
    const answer = await client.raw('/press', { method: 'POST', headers, body: new URLSearchParams(press).toString() });
    expect(answer.status).toBe(403);
    expect(client.desk.presses).toEqual([]);
  });

  test('are fine from our own page in an old browser, which names only its origin', async () => {
    const client = await enteredClient();
    const answer = await client.raw('/press', {
      method: 'POST',
      headers: {
        cookie: client.cookie(),
        'x-csrf-token': await client.csrf(),
        'content-type': 'application/x-www-form-urlencoded',
        origin,
      },
      body: new URLSearchParams(press).toString(),
    });
    expect(answer.status).toBe(303);
    expect(client.desk.presses).toHaveLength(1);
  });

  test('cannot load our pages into theirs', async () => {
    const client = await enteredClient();
    expect((await client.get('/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(403);
    expect(
      (await client.get('/live?page=home', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' })).status,
    ).toBe(403);
    expect((await client.get('/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).status).toBe(200);
  });
});

describe('the CSRF token', () => {
  const press = { post: 'p-review', thread: 'task:task-12', version: '1', action: 'approve' };

  test.each(['', 'wrong', 'undefined'])('%j does nothing', async (brought) => {
    const client = await enteredClient();
    const answer = await client.post('/press', press, { 'x-csrf-token': brought });
    expect(answer.status).toBe(403);
    expect(client.desk.presses).toEqual([]);
  });

  test('of another session does nothing', async () => {
    const client = await enteredClient();
    const other = await enteredClient();
    const answer = await client.post('/press', press, { 'x-csrf-token': await other.csrf() });
    expect(answer.status).toBe(403);
    expect(client.desk.presses).toEqual([]);
  });

  test('is taken from the form where there is no script', async () => {
    const client = await enteredClient();
    const fields = { ...press, csrf: await client.csrf() };
    const headers = { cookie: client.cookie(), origin, 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await client.raw('/press', {
      method: 'POST',
      headers,
      body: new URLSearchParams(fields).toString(),
    });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/tasks/task-12');
  });

  test('is asked of every deed', async () => {
    const client = await enteredClient();
    for (const path of [
      '/press',
      '/say',
      '/start',
      '/sample',
      '/import',
      '/projects/project-1/import',
      '/projects/project-1/repository',
    ]) {
      expect((await client.post(path, {}, { 'x-csrf-token': 'wrong' })).status, path).toBe(403);
    }
  });
});

describe('headers', () => {
  test.each(['/', '/ideas/idea-1', '/nowhere'])('of %s let only our own scripts run', async (path) => {
    const client = await enteredClient();
    const answer = await client.get(path);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    expect(nonce).toBeDefined();
    for (const rule of [
      "default-src 'none'",
      "style-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ]) {
      expect(policy).toContain(rule);
    }
    expect(policy).not.toContain('unsafe');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const page = await answer.text();
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(page).not.toMatch(/\sstyle=/);
    expect(page).not.toMatch(/\son[a-z]+="/);
    for (const [script] of page.matchAll(/<script[^>]*>/g)) expect(script).toContain(`nonce="${nonce ?? ''}"`);
  });

  test('have a fresh nonce each time', async () => {
    const client = await enteredClient();
    const policies = await Promise.all([client.get('/'), client.get('/')]);
    expect(policies[0].headers.get('content-security-policy')).not.toBe(
      policies[1].headers.get('content-security-policy'),
    );
  });

  test('come with refusals too', async () => {
    const answer = await createClient().raw('/', { headers: { host: 'evil.example' } });
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});
