const loopbackNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * The Host that a request names must be this machine, on our port. A page elsewhere whose name was re-pointed at
 * 127.0.0.1 (DNS rebinding) sends its own name here, and is refused.
 */
export function isLoopbackHost(host: string, origin: string): boolean {
  const port = new URL(origin).port || '80';
  const [, name, named] = /^(\[[0-9a-f:]+\]|[^:]+)(?::(\d{1,5}))?$/i.exec(host) ?? [];
  return name !== undefined && loopbackNames.includes(name.toLowerCase()) && (named ?? '80') === port;
}
