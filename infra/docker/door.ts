/**
 * The room listens on loopback only, and a container's published port does not arrive there. This carries each
 * connection from the container's own address to the room; compose publishes it on the host's loopback and nowhere
 * else. Arguments: PORT-TO-LISTEN-ON PORT-OF-THE-ROOM
 */
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

const [outside, room] = process.argv.slice(2).map(Number);
if (!isPort(outside) || !isPort(room)) {
  process.stderr.write('usage: door PORT-TO-LISTEN-ON PORT-OF-THE-ROOM\n');
  process.exit(64);
}

const door = createServer((visitor) => {
  const inside = connect(room, '127.0.0.1');
  // A connection that breaks on one side ends on the other; the visitor's browser sees it and says so.
  pipeline(visitor, inside, () => inside.destroy());
  pipeline(inside, visitor, () => visitor.destroy());
});
door.listen(outside, () => process.stdout.write(`Door: ${JSON.stringify(door.address())}\n`));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));

function isPort(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= 65_535;
}
