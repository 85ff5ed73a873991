import type { FarSide } from './far-side.ts';
import type { Mirror } from './mirror.ts';
import { requireSha } from './ref-names.ts';

export interface PushResult {
  pushed: boolean;
  /** It was there before, so that nothing moved. */
  wasThere: boolean;
  /** Git's own words when it was refused. */
  said: string;
}

/**
 * Creates (`expectedSha` null) or moves one branch at the far side. The lease makes it safe: the far side compares and
 * swaps, also against a person who pushes at the same moment. Which branches may be pushed is for the forge to say.
 */
export async function pushRef(
  mirror: Mirror,
  side: FarSide,
  { branch, expectedSha, sha }: { branch: string; expectedSha: string | null; sha: string },
): Promise<PushResult> {
  return pushWithLease(mirror, side, `refs/heads/${branch}`, { expectedSha, sha });
}

/** Brings a commit with its history to the far side under a name that no list of branches shows. Again: nothing happens. */
export async function pushObjects(mirror: Mirror, side: FarSide, sha: string): Promise<PushResult & { ref: string }> {
  const ref = `refs/factory/incoming/${requireSha(sha, 'The commit to push')}`;
  return { ref, ...(await pushWithLease(mirror, side, ref, { expectedSha: null, sha })) };
}

async function pushWithLease(
  mirror: Mirror,
  side: FarSide,
  ref: string,
  { expectedSha, sha }: { expectedSha: string | null; sha: string },
): Promise<PushResult> {
  const { address, options, call } = await side.reach('push');
  const expected = expectedSha === null ? '' : requireSha(expectedSha, 'The expected commit');
  const result = await mirror.run(
    [
      ...['push', '--porcelain', '--no-verify', '--no-signed', '--recurse-submodules=no', '--no-follow-tags'],
      ...[`--force-with-lease=${ref}:${expected}`, ...options, '--', address],
      `${requireSha(sha, 'The commit to push')}:${ref}`,
    ],
    call,
  );
  const pushed = result.exitCode === 0;
  // git-push(1), OUTPUT: the line of a ref begins with a flag, and `=` is for what was up to date.
  const wasThere = pushed && /^=\t/m.test(result.stdout.toString('utf8'));
  return { pushed, wasThere, said: `${result.stderr}\n${result.stdout.toString('utf8')}`.trim() };
}
