import { statSync } from 'node:fs';
import { hardening } from './hardening.ts';

/** The user that a repository belongs to, when that is not the one the factory runs as and the factory is root. */
export type Owner = { uid: number; gid: number } | null;

export function ownerOf(folder: string): Owner {
  if (process.getuid?.() !== 0) return null;
  const { uid, gid } = statSync(folder);
  return uid === 0 ? null : { uid, gid };
}

/**
 * Git runs `upload-pack` and `receive-pack` inside the person's repository and drops our `-c` settings on the way, so
 * they are spelled into the program's name, which git gives to a shell: constants and numbers only. As root the
 * program runs as the repository's owner: files that it makes there stay theirs, and their configuration has no more
 * rights than they have.
 */
export function uploadPack(owner: Owner): `--upload-pack=${string}` {
  return `--upload-pack=${program(owner, [])} upload-pack`;
}

/** `updateInstead`: a clean work tree that has the branch checked out moves along, a dirty one refuses the push. */
export function receivePack(owner: Owner): `--receive-pack=${string}` {
  return `--receive-pack=${program(owner, ['receive.denyCurrentBranch=updateInstead', 'receive.fsckObjects=true'])} receive-pack`;
}

function program(owner: Owner, extra: readonly string[]): string {
  const settings = [...hardening, ...extra].map((setting) => `-c '${setting}'`).join(' ');
  // util-linux `setpriv`; part of every Debian, Ubuntu, Fedora and Alpine-with-util-linux system.
  const drop = owner ? `setpriv --reuid ${owner.uid} --regid ${owner.gid} --clear-groups ` : '';
  return `${drop}git ${settings}`;
}
