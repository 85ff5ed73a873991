/** Where code that nobody has reviewed runs: no network unless listed, one writable folder, not root, bounded. */
export interface Sandbox {
  readonly kind: 'bubblewrap' | 'none';
  /** Finds out by running a command inside. `ok: false` comes with a sentence on why and one on what to do. */
  probe(): Promise<SandboxProbe>;
  /** A fresh, empty, private folder that becomes `/workspace` inside. Nothing of an earlier one is visible in it. */
  createWorkspace(): Promise<SandboxWorkspace>;
}

export type SandboxProbe = { ok: true; detail: string } | { ok: false; reason: string; fix: string };

export interface SandboxWorkspace {
  /** Writes a file before or between commands. `path` is relative; it may not climb out. Parent folders are made. */
  write(path: string, content: Uint8Array | string): Promise<void>;
  /** Puts a host file at `path` (copied, not linked). */
  copyIn(hostFile: string, path: string): Promise<void>;
  /** Reads one regular file (never through a symlink), at most `maxBytes`. `null` when there is none. */
  read(path: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Copies one regular file (never through a symlink) out to a host path, at most `maxBytes`. */
  copyOut(path: string, hostFile: string, maxBytes: number): Promise<void>;
  run(command: SandboxCommand): Promise<SandboxResult>;
  /** Removes everything. Safe to call twice. */
  dispose(): Promise<void>;
}

export interface SandboxCommand {
  /** Program and arguments; never a shell string. Use `['sh', '-c', text]` for what a repository configured. */
  argv: readonly string[];
  /** Folder inside the workspace, relative. Default: its root. */
  cwd?: string;
  env?: Readonly<Record<string, string>>;
  limits?: Partial<SandboxLimits>;
  /** Domains that may be reached; empty or absent means no network at all. */
  domains?: readonly string[];
  signal?: AbortSignal;
}

export interface SandboxLimits {
  wallSeconds: number;
  /** Summed over the whole process tree. */
  memoryBytes: number;
  processes: number;
  /** Kept from the end of stdout and stderr together; what came before is counted and dropped. */
  outputBytes: number;
  /** Largest single file that may be written. */
  fileBytes: number;
}

export interface SandboxResult {
  /** `null` when it was ended by a limit or a signal. */
  exitCode: number | null;
  /** Why it ended early, in words for a person; `null` when it ended by itself. */
  endedBy: null | 'wall-time' | 'memory' | 'disk' | 'processes' | 'stopped' | 'signal';
  stdout: string;
  stderr: string;
  droppedOutputBytes: number;
  durationMs: number;
}
