import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { newBundleFile, sweepBundles } from '#agents/tools/bundle-file.ts';
import { createTempFolder } from '#test/support/temp-folder.ts';

it('removes the bundles of processes that are gone, and nothing else', async () => {
  const folder = await createTempFolder();
  const own = newBundleFile(folder.path);
  const { pid } = spawnSync('true');
  const dead = path.join(folder.path, path.basename(own).replace(/^\d+/, String(pid)));
  const foreign = path.join(folder.path, 'notes.bundle');
  const half = `${dead}.${randomUUID()}`;
  for (const file of [own, dead, half, foreign]) await writeFile(file, '');
  await sweepBundles(folder.path);
  expect(new Set(await readdir(folder.path))).toEqual(new Set([path.basename(own), 'notes.bundle']));
  await folder.remove();
});
