import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { needsUpstream, sendFault } from './model-fault.ts';
import type { ModelFault } from './model-fault.ts';
import { readChatRequest } from './model-request-rules.ts';
import type { ChatRequest } from './model-request-rules.ts';

/** Stands between the factory and a model: keeps what passes, refuses what OpenAI would refuse, and breaks at will. */
export interface ModelProxy {
  /** Base URL with its `/v1`. */
  url: string;
  /** Every request that came, oldest first, also those that were refused. */
  requests: RecordedRequest[];
  /** Breaks the next answer, or as many; more calls line up behind. */
  fail(fault: ModelFault, times?: number): void;
  close(): Promise<void>;
}

export interface RecordedRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As sent; of another shape when it was `refused`. */
  body: ChatRequest;
  /** Why OpenAI would not take it, or null. */
  refused: string | null;
  /** null: not answered (yet). */
  status: number | null;
  /** What went back, as text. */
  answer: string;
  /** The caller went away before the answer was complete. */
  isAborted: boolean;
}

export interface ModelProxyOptions {
  /** Base URL of the model behind it, with its `/v1`. null: there is none, every answer is a fault. */
  upstream: string | null;
  /** What this server does not take: an answer in place of the model's, or null. */
  refuse?: (body: ChatRequest) => { status: number; body: unknown } | null;
  /** Keeps the caller waiting before anything is answered; null: it need not wait. */
  hold?: (body: ChatRequest) => Promise<void> | null;
}

export async function startModelProxy({ upstream, refuse, hold }: ModelProxyOptions): Promise<ModelProxy> {
  const requests: RecordedRequest[] = [];
  const faults: ModelFault[] = [];

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (incoming.method !== 'POST' || incoming.url !== '/v1/chat/completions') {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"detail":"Not Found"}');
      return;
    }
    const text = await readText(incoming);
    const read = readChatRequest(parse(text));
    const recorded: RecordedRequest = {
      headers: incoming.headers,
      body: 'request' in read ? read.request : parse(text),
      refused: 'refused' in read ? read.refused : null,
      status: null,
      answer: '',
      isAborted: false,
    };
    requests.push(recorded);
    response.on('close', () => (recorded.isAborted = !response.writableFinished));
    const answer = (status: number, body: string, type = 'application/json') => {
      Object.assign(recorded, { status, answer: body });
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    if (recorded.refused !== null) {
      answer(400, JSON.stringify({ error: { message: recorded.refused, type: 'invalid_request_error', code: null } }));
      return;
    }
    await hold?.(recorded.body);
    const lacking = refuse?.(recorded.body) ?? null;
    if (lacking !== null) {
      answer(lacking.status, JSON.stringify(lacking.body));
      return;
    }
    const fault = faults.shift();
    const real = fault !== undefined && !needsUpstream(fault) ? null : await forward(upstream, text, incoming);
    if (fault !== undefined) {
      recorded.answer = sendFault(fault, real?.text ?? '', response);
      recorded.status = fault.kind === 'status' ? fault.status : 200;
    } else if (real !== null) answer(real.status, real.text, real.type);
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502);
      response.end(JSON.stringify({ error: { message: `The proxy failed: ${String(error)}` } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    fail: (fault, times = 1) => void faults.push(...Array<ModelFault>(times).fill(fault)),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function forward(
  upstream: string | null,
  body: string,
  { headers }: IncomingMessage,
): Promise<{ status: number; text: string; type: string }> {
  if (upstream === null) throw new Error('no model stands behind it, and no fault was asked for');
  const response = await fetch(`${upstream}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: headers.authorization ?? '' },
    body,
  });
  const type = response.headers.get('content-type') ?? 'application/json';
  return { status: response.status, text: await response.text(), type };
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): ChatRequest {
  try {
    return JSON.parse(text) as ChatRequest;
  } catch {
    return { model: '', messages: [] };
  }
}
