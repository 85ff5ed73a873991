import type { ServerResponse } from 'node:http';

/** What goes wrong with the next answer. `chunks` are events of the stream that still come. */
export type ModelFault =
  /** An HTTP status; `body` as JSON, or as it is when it is text. */
  | { kind: 'status'; status: number; body?: unknown; headers?: Readonly<Record<string, string>> }
  /** The connection breaks before any answer. */
  | { kind: 'reset' }
  /** The connection breaks in the middle of the stream. */
  | { kind: 'cut'; chunks: number }
  /** The stream ends in good order, but too early. */
  | { kind: 'end-early'; chunks: number }
  /** Nothing more comes; the connection stays open. */
  | { kind: 'silence'; chunks: number }
  /** The real stream, with a pause before each event. */
  | { kind: 'slow'; everyMs: number }
  | { kind: 'error-in-stream'; chunks: number; error: unknown }
  /** A web page with status 200. */
  | { kind: 'html' }
  /** The first half of a whole answer, with status 200. */
  | { kind: 'truncated-json' }
  /** Cut off by the limit: the real answer, with `finish_reason: length`. */
  | { kind: 'length' }
  | { kind: 'refusal'; text: string }
  /** Exactly these events. */
  | { kind: 'events'; events: readonly unknown[] }
  /** Exactly this body, as a whole, with status 200. */
  | { kind: 'whole'; body: unknown };

const PAGE = '<!doctype html><html><head><title>Sign in</title></head><body>Welcome</body></html>';

/** Whether the fault lets the real model answer first. */
export function needsUpstream({ kind }: ModelFault): boolean {
  return ['cut', 'end-early', 'silence', 'slow', 'error-in-stream', 'truncated-json', 'length'].includes(kind);
}

/** Sends the faulty answer. `real`: what the model answered, as text. Returns what was sent. */
export function sendFault(fault: ModelFault, real: string, response: ServerResponse): string {
  switch (fault.kind) {
    case 'status': {
      const text =
        typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? { error: { message: 'fault' } });
      return send(response, text, fault.status, { 'content-type': 'application/json', ...fault.headers });
    }
    case 'reset':
      response.destroy();
      return '';
    case 'cut': {
      const sent = begin(response, eventsIn(real).slice(0, fault.chunks));
      // What was written goes out first; then the line breaks.
      setImmediate(() => setTimeout(() => response.destroy(), 10));
      return sent;
    }
    case 'end-early':
      return end(response, begin(response, eventsIn(real).slice(0, fault.chunks)));
    case 'silence':
      return begin(response, eventsIn(real).slice(0, fault.chunks));
    case 'slow': {
      const events = eventsIn(real);
      begin(response, []);
      const timer = setInterval(() => {
        const event = events.shift();
        if (event === undefined) response.end();
        else response.write(`data: ${event}\n\n`);
      }, fault.everyMs);
      response.on('close', () => clearInterval(timer));
      return real;
    }
    case 'error-in-stream':
      return end(
        response,
        begin(response, [...eventsIn(real).slice(0, fault.chunks), JSON.stringify({ error: fault.error })]),
      );
    case 'html':
      return send(response, PAGE, 200, { 'content-type': 'text/html; charset=utf-8' });
    case 'truncated-json': {
      const whole = JSON.stringify({ choices: [{ message: { content: real }, finish_reason: 'stop' }] });
      return send(response, whole.slice(0, whole.length / 2), 200, { 'content-type': 'application/json' });
    }
    case 'length': {
      const cut = real.replaceAll(/"finish_reason":"\w+"/g, '"finish_reason":"length"');
      const isStream = real.trimStart().startsWith('data:');
      return send(response, cut, 200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
    }
    case 'refusal':
      return end(
        response,
        begin(
          response,
          [
            { choices: [{ index: 0, delta: { role: 'assistant', refusal: fault.text }, finish_reason: null }] },
            { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
          ].map((event) => JSON.stringify(event)),
        ),
      );
    case 'events':
      return end(response, begin(response, [...fault.events.map((event) => JSON.stringify(event)), '[DONE]']));
    case 'whole':
      return send(response, JSON.stringify(fault.body), 200, { 'content-type': 'application/json' });
  }
}

function eventsIn(stream: string): string[] {
  return stream.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []));
}

function begin(response: ServerResponse, events: readonly string[]): string {
  const sent = events.map((event) => `data: ${event}\n\n`).join('');
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  if (sent !== '') response.write(sent);
  return sent;
}

function end(response: ServerResponse, sent: string): string {
  response.end();
  return sent;
}

function send(response: ServerResponse, text: string, status: number, headers: Record<string, string>): string {
  response.writeHead(status, headers).end(text);
  return text;
}
