import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import * as z from 'zod';

const Query = z.strictObject({
  package: z.strictObject({ ecosystem: z.string(), name: z.string() }),
  version: z.string(),
  page_token: z.string().optional(),
});
const Batch = z.strictObject({ queries: z.array(Query).max(1000) });

export interface OsvAnswer {
  status?: number;
  body: string;
}

/** A server that speaks as OSV does. `known`: ids by `name@version`; `details`: what is told of an id. */
export async function startOsv(world: {
  known?: Readonly<Record<string, readonly string[]>>;
  details?: Readonly<Record<string, unknown>>;
  /** Ids on a page; more follow with a token. */
  pageSize?: number;
  /** In place of an answer; 'hang': never any. */
  instead?: (path: string) => OsvAnswer | 'hang' | null;
}) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? '';
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString();
      requests.push(`${request.method} ${path}`);
      const instead = world.instead?.(path) ?? null;
      if (instead === 'hang') return;
      if (instead !== null) return void response.writeHead(instead.status ?? 200).end(instead.body);
      const id = /^\/v1\/vulns\/(.+)$/.exec(path)?.[1];
      if (id !== undefined) {
        const detail = world.details?.[decodeURIComponent(id)];
        return void response.writeHead(detail === undefined ? 404 : 200).end(JSON.stringify(detail ?? {}));
      }
      const { queries } = Batch.parse(JSON.parse(body));
      const size = world.pageSize ?? 1000;
      const results = queries.map(({ package: { name }, version, page_token: token }) => {
        const ids = world.known?.[`${name}@${version}`] ?? [];
        const from = Number(token ?? 0);
        const next = from + size < ids.length ? { next_page_token: String(from + size) } : {};
        return ids.length === 0
          ? {}
          : {
              vulns: ids.slice(from, from + size).map((known) => ({ id: known, modified: '2026-01-01T00:00:00Z' })),
              ...next,
            };
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ results }));
    })().catch((error: unknown) => void response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests };
}
