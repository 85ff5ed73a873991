import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fixedToken } from '#infra/forge/github/credentials.ts';
import { gitHubSide } from '#infra/forge/github/github-side.ts';
import { fetchInto, openMirror, readHeads } from '#infra/git/mirror.ts';
import { silentLog } from '#src/ports/log.ts';
import { temporaryFolder } from '#test/support/repository.ts';

const TOKEN = 'ghs_not_a_real_one';
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that answers every request with this, and keeps what it was asked. */
async function serverThat(answer: { status: number; headers?: Record<string, string> }) {
  const asked: { url: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
    response.writeHead(answer.status, answer.headers ?? {}).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return { webUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function look(webUrl: string): Promise<unknown> {
  const side = gitHubSide({ owner: 'octo-org', name: 'hello' }, { webUrl, credentials: fixedToken(TOKEN) });
  const mirror = await openMirror(temporaryFolder(), 'project-1', silentLog);
  return readHeads(mirror, side, ['main']);
}

describe('GitHub as git reaches it', () => {
  it('gets the token in a header, and the words of the call do not hold it', async () => {
    const { webUrl, asked } = await serverThat({ status: 500 });
    const side = gitHubSide({ owner: 'octo-org', name: 'hello' }, { webUrl, credentials: fixedToken(TOKEN) });
    const { address, options } = await side.reach('list');
    expect([address, ...options].join(' ')).not.toContain(TOKEN);
    await expect(look(webUrl)).rejects.toMatchObject({ code: 'github-unreachable', retryable: true });
    const login = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
    expect(asked).toEqual([{ url: '/octo-org/hello.git/info/refs?service=git-upload-pack', authorization: login }]);
  });

  it('does not carry the token to where a redirect leads', async () => {
    const elsewhere = await serverThat({ status: 200 });
    const { webUrl } = await serverThat({ status: 301, headers: { location: `${elsewhere.webUrl}/octo-org/new.git` } });
    await expect(look(webUrl)).rejects.toMatchObject({ code: 'repo-renamed' });
    expect(elsewhere.asked).toEqual([]);
  });

  it.each([
    [401, 'github-token-refused'],
    [403, 'github-token-refused'],
    [404, 'github-not-found'],
    [503, 'github-unreachable'],
  ])('answers %s, which is %s in words without the token', async (status, code) => {
    const { webUrl } = await serverThat({ status });
    const error = await look(webUrl).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain(TOKEN);
  });

  it('is not there at all', async () => {
    const mirror = await openMirror(temporaryFolder(), 'project-1', silentLog);
    const side = gitHubSide(
      { owner: 'o', name: 'n' },
      { webUrl: 'http://127.0.0.1:9', credentials: fixedToken(TOKEN) },
    );
    await expect(fetchInto(mirror, side, 'main')).rejects.toMatchObject({ code: 'github-unreachable' });
  });
});
