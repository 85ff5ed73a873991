import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * The server's side of RFC 6455, as much as Socket Mode needs: text, ping, pong and close; no extensions. Written out
 * because Node has no WebSocket server of its own and Bolt brings a client only.
 */
export interface ServerSocket {
  readonly isOpen: boolean;
  send(text: string): void;
  /** Says goodbye and waits for the other side to say it too. */
  close(code?: number): void;
  /** Cuts the line without a word. */
  cut(): void;
}

export interface SocketHandlers {
  onText(text: string): void;
  onClose(): void;
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODE = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;
/** Bolt's client hangs up when it hears no ping for 30 s. */
const PING_EVERY_MS = 10_000;

export function acceptSocket(request: IncomingMessage, stream: Duplex, handlers: SocketHandlers): ServerSocket {
  const key = request.headers['sec-websocket-key'] ?? '';
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  stream.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let isOpen = true;
  let unread: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];

  const write = (opcode: number, body: Buffer): void => {
    if (!stream.destroyed && stream.writable) stream.write(frame(opcode, body));
  };
  const pings = setInterval(() => write(OPCODE.ping, Buffer.from('ping')), PING_EVERY_MS).unref();
  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    clearInterval(pings);
    handlers.onClose();
  };
  const take = ({ opcode, isLast, body }: Frame): void => {
    if (opcode === OPCODE.ping) write(OPCODE.pong, body);
    if (opcode === OPCODE.close) {
      if (isOpen) write(OPCODE.close, body);
      end();
      stream.end();
    }
    if (opcode !== OPCODE.text && opcode !== OPCODE.continuation) return;
    parts.push(body);
    if (!isLast) return;
    const text = Buffer.concat(parts).toString('utf8');
    parts = [];
    handlers.onText(text);
  };

  stream.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    for (let next = readFrame(unread); next !== null; next = readFrame(unread)) {
      unread = unread.subarray(next.length);
      take(next);
    }
  });
  stream.on('close', end);
  stream.on('error', end);
  write(OPCODE.ping, Buffer.from('ping'));
  return {
    get isOpen() {
      return isOpen;
    },
    send: (text) => write(OPCODE.text, Buffer.from(text)),
    close(code = 1000) {
      const body = Buffer.alloc(2);
      body.writeUInt16BE(code);
      write(OPCODE.close, body);
    },
    cut() {
      end();
      stream.destroy();
    },
  };
}

interface Frame {
  opcode: number;
  isLast: boolean;
  body: Buffer;
  /** Of the whole frame, in bytes. */
  length: number;
}

function frame(opcode: number, body: Buffer): Buffer {
  const size = body.length;
  if (size < 126) return Buffer.concat([Buffer.from([0x80 | opcode, size]), body]);
  const head = Buffer.alloc(size < 65_536 ? 4 : 10);
  head.writeUInt8(0x80 | opcode, 0);
  if (size < 65_536) {
    head.writeUInt8(126, 1);
    head.writeUInt16BE(size, 2);
  } else {
    head.writeUInt8(127, 1);
    head.writeBigUInt64BE(BigInt(size), 2);
  }
  return Buffer.concat([head, body]);
}

/** The first whole frame of what has come; null: there is more to come. */
function readFrame(bytes: Buffer): Frame | null {
  if (bytes.length < 2) return null;
  const first = bytes.readUInt8(0);
  const second = bytes.readUInt8(1);
  let size = second & 0x7f;
  let at = 2;
  if (size === 126) {
    if (bytes.length < 4) return null;
    size = bytes.readUInt16BE(2);
    at = 4;
  } else if (size === 127) {
    if (bytes.length < 10) return null;
    size = Number(bytes.readBigUInt64BE(2));
    at = 10;
  }
  const isMasked = (second & 0x80) !== 0;
  const start = at + (isMasked ? 4 : 0);
  if (bytes.length < start + size) return null;
  const body = Buffer.from(bytes.subarray(start, start + size));
  if (isMasked) for (let index = 0; index < size; index++) body[index]! ^= bytes[at + (index % 4)]!;
  return { opcode: first & 0x0f, isLast: (first & 0x80) !== 0, body, length: start + size };
}
