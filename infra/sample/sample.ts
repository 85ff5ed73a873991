import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createRepository } from '#infra/git/create-repository.ts';
import type { Sample } from '#src/desk/desk-tools.ts';
import { bytesSource } from '#src/intake/file-source.ts';
import type { Clock } from '#src/ports/clock.ts';

const HERE = import.meta.dirname;
const REPOSITORY = path.join(HERE, 'repository');

/**
 * The bundled sample: an editor and an assistant talk two small functions through, with one wrong turn and one
 * proposal that is declined; and a small repository, made under `folder` when it is asked for.
 */
export function createSample({ folder, clock }: { folder: string; clock: Clock }): Sample {
  return {
    conversation: () => bytesSource('sample-chat.json', readFileSync(path.join(HERE, 'chat.json'))),
    async makeRepository() {
      const target = await freeFolder(folder);
      const entries = await readdir(REPOSITORY, { recursive: true, withFileTypes: true });
      const names = entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(REPOSITORY, path.join(entry.parentPath, entry.name)));
      const files = await Promise.all(
        names
          .toSorted()
          .map(async (name) => ({ path: name, content: await readFile(path.join(REPOSITORY, name), 'utf8') })),
      );
      await createRepository({
        folder: target,
        files,
        message: 'Greet people by name',
        author: { name: 'Sample Author', email: 'author@sample.invalid' },
        at: clock.now(),
      });
      return target;
    },
  };
}

/** `greeter`, or `greeter-2`, `greeter-3` … so that an earlier sample stays as it was left. */
async function freeFolder(folder: string): Promise<string> {
  const taken = new Set(await readdir(folder).catch(() => []));
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? 'greeter' : `greeter-${n}`;
    if (!taken.has(name)) return path.join(folder, name);
  }
}
