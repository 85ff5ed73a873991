export interface PushedRef {
  old: string;
  new: string;
  ref: string;
}

const NOTHING = /^0+$/;

export function isNoCommit(sha: string): boolean {
  return NOTHING.test(sha);
}

/**
 * What a push asks for: the lines before the pack in the body of `git-receive-pack` (gitprotocol-pack: each begins with
 * its own length in four hexadecimal digits, 0000 ends them).
 */
export function pushedRefs(body: Buffer): PushedRef[] {
  const refs: PushedRef[] = [];
  for (let at = 0; at + 4 <= body.length; ) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (!(length > 4)) break;
    const [line = ''] = body.toString('utf8', at + 4, at + length).split('\0');
    const [old = '', young = '', ref = ''] = line.trimEnd().split(' ');
    if (/^[0-9a-f]{40}$/.test(old)) refs.push({ old, new: young, ref });
    at += length;
  }
  return refs;
}
