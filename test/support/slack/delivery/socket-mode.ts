import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { isObject } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import type { SlackApp } from '../workspace/types.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { acceptSocket } from './web-socket.ts';
import type { ServerSocket } from './web-socket.ts';

/** The open lines of all apps. */
export interface SocketMode {
  /** A new address to connect to, good for one connection. */
  ticketUrl(app: SlackApp): string;
  connect(request: IncomingMessage, stream: Duplex): void;
  isConnected(app: SlackApp): boolean;
  /** Resolves with what the app answered when it acknowledges; null when the line goes down first. */
  send(app: SlackApp, envelope: Json): { answer: Promise<Json | null>; forget(): void };
  /** Asks the app to come back on a new line, as Slack does when it moves a connection. */
  askToReconnect(app: SlackApp, reason: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  cut(app: SlackApp): void;
  closeAll(): void;
}

interface Line {
  app: SlackApp;
  socket: ServerSocket;
  /** Envelopes without an acknowledgement. */
  waiting: Map<string, (answer: Json | null) => void>;
}

export function createSocketMode(workspace: Workspace): SocketMode {
  const tickets = new Map<string, SlackApp>();
  const lines = new Set<Line>();
  let turn = 0;

  const linesOf = (app: SlackApp): Line[] => [...lines].filter((line) => line.app === app && line.socket.isOpen);

  const take = (line: Line, text: string): void => {
    const said: unknown = JSON.parse(text);
    if (!isObject(said) || typeof said.envelope_id !== 'string') return;
    const acknowledge = line.waiting.get(said.envelope_id);
    line.waiting.delete(said.envelope_id);
    acknowledge?.(isObject(said.payload) ? said.payload : {});
  };

  return {
    ticketUrl(app) {
      const ticket = randomUUID();
      tickets.set(ticket, app);
      return `${workspace.baseUrl.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${app.id}`;
    },
    connect(request, stream) {
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      const app = tickets.get(ticket);
      tickets.delete(ticket);
      if (app === undefined) {
        stream.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      const line: Line = {
        app,
        waiting: new Map(),
        socket: acceptSocket(request, stream, {
          onText: (text) => take(line, text),
          onClose: () => {
            lines.delete(line);
            for (const tell of line.waiting.values()) tell(null);
          },
        }),
      };
      lines.add(line);
      line.socket.send(
        JSON.stringify({
          type: 'hello',
          num_connections: linesOf(app).length,
          debug_info: { host: 'stand-in', build_number: 1, approximate_connection_time: 18_060 },
          connection_info: { app_id: app.id },
        }),
      );
    },
    isConnected: (app) => linesOf(app).length > 0,
    send(app, envelope) {
      const open = linesOf(app);
      const line = open[turn++ % Math.max(open.length, 1)];
      const id = String(envelope.envelope_id);
      if (line === undefined) return { answer: Promise.resolve(null), forget: () => undefined };
      const answer = new Promise<Json | null>((resolve) => line.waiting.set(id, resolve));
      line.socket.send(JSON.stringify(envelope));
      return { answer, forget: () => void line.waiting.delete(id) };
    },
    askToReconnect(app, reason) {
      for (const { socket } of linesOf(app))
        socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'stand-in' } }));
    },
    cut(app) {
      for (const { socket } of linesOf(app)) socket.cut();
    },
    closeAll() {
      for (const { socket } of lines) socket.cut();
    },
  };
}
