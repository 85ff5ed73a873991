import type { SandboxLimits } from '#src/ports/sandbox.ts';

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;

/** What a command gets when its caller names no limit of its own. */
const DEFAULT_LIMITS: SandboxLimits = {
  wallSeconds: 600,
  memoryBytes: 2 * GiB,
  // A test runner on 16 cores starts 15 Node processes of 11 threads each, and threads count.
  processes: 512,
  outputBytes: 1 * MiB,
  fileBytes: 1 * GiB,
};

/** Most that one workspace may hold on disk (its files and its home together) before its command is ended. */
export const DEFAULT_WORKSPACE_BYTES = 4 * GiB;

/** Most entries one workspace may hold: millions of empty files take no bytes but can use up a disk's inodes. */
export const DEFAULT_WORKSPACE_ENTRIES = 1_000_000;

/** Sizes of the folders that live in memory and are fresh for every command. Unbounded they may take half of RAM. */
export const TMP_BYTES = 256 * MiB;
export const SHARED_MEMORY_BYTES = 64 * MiB;
export const RUN_BYTES = 4 * MiB;

/** `nobody` on every common Linux. */
export const NOBODY = { uid: 65534, gid: 65534 };

const OPEN_FILES = 8192;

export function withDefaults(limits: Partial<SandboxLimits> | undefined): SandboxLimits {
  return { ...DEFAULT_LIMITS, ...limits };
}

/**
 * Arguments of util-linux `prlimit` (they apply to each process). `data` is the kernel's own bound on one process
 * between two looks at the tree; far above the cap, so that the sum over the tree is what normally ends a command. `processes` is the kernel's bound, which counts all threads of one user. `as`
 * would be no good: Node reserves far more addresses than it uses (8 GiB for one WebAssembly memory).
 */
export function prlimitArguments(limits: SandboxLimits, which: { processes: number }): string[] {
  return [
    `--nproc=${which.processes}`,
    `--fsize=${limits.fileBytes}`,
    `--cpu=${Math.max(1, Math.ceil(limits.wallSeconds)) * 4}`,
    `--data=${limits.memoryBytes * 3 + 512 * MiB}`,
    `--nofile=${OPEN_FILES}`,
    '--core=0',
  ];
}
