import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { osvCheck } from '#infra/doctor/osv-check.ts';

it('the doctor asks OSV about one package, and says when it cannot', async () => {
  let status = 200;
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ results: [{}] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await osvCheck(baseUrl)).toMatchObject({ name: 'osv', state: 'ok' });
  status = 500;
  expect(await osvCheck(baseUrl)).toMatchObject({
    state: 'warning',
    detail: expect.stringContaining('cannot be asked about dependencies: OSV answered with the status 500.'),
  });
  expect(await osvCheck(null)).toMatchObject({ state: 'ok', detail: expect.stringContaining('are not scanned') });
});
