/** A task's pass through the line. */
export interface WorkRunRow {
  id: string;
  taskId: string;
  number: number;
  startedAt: string;
  endedAt: string | null;
  outcome: string | null;
}

/** One step by one agent. */
export interface TaskRunRow {
  id: string;
  runId: string;
  taskId: string;
  step: string;
  agent: string;
  attempt: number;
  startedAt: string;
  endedAt: string;
  durationMs: number;
  result: string;
  artifact: string | null;
}

/** One check of the repository at one commit. */
export interface QaRunRow {
  id: string;
  taskId: string;
  runId: string;
  attempt: number;
  phase: 'baseline' | 'head' | 'merge-result' | 'forge';
  sha: string;
  check: string;
  command: string;
  exitCode: number | null;
  durationMs: number;
  passed: number | null;
  failed: number | null;
}
