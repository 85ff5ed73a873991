import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UPDATE_HOOK } from './update-hook.ts';

/** As GitHub: shallow and partial clones are served, commits that are known by their ids as well, `refs/pull` is not pushed to. */
const CONFIG = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
[http]
	receivepack = true
[receive]
	hideRefs = refs/pull
[uploadpack]
	allowFilter = true
	allowReachableSHA1InWant = true
[gc]
	auto = 0
`;

/** Makes an empty bare repository that takes pushes over HTTP: what `git init --bare` makes, without running git. */
export async function createBareRepository(folder: string, defaultBranch: string): Promise<void> {
  for (const name of ['hooks', 'info', 'objects/info', 'objects/pack', 'refs/heads', 'refs/tags'])
    await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(folder, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
  await writeFile(path.join(folder, 'config'), CONFIG);
  await writeFile(path.join(folder, 'hooks', 'update'), UPDATE_HOOK, { mode: 0o755 });
}
