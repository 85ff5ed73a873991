import { parse } from 'yaml';
import { z } from 'zod';

/** What matters here of a workflow that a repository has. */
export interface WorkflowSeen {
  /** Whole lines of the commands that run on every pull request. */
  commands: ReadonlySet<string>;
  /** `pull_request_target` runs with the rights of the repository on what strangers send. */
  isTrusting: boolean;
}

const Step = z.object({
  run: z.string().optional(),
  if: z.unknown().optional(),
  'continue-on-error': z.unknown().optional(),
});
const Workflow = z.object({
  on: z.unknown(),
  jobs: z.record(
    z.string(),
    z.object({
      steps: z.array(Step).optional(),
      if: z.unknown().optional(),
      'continue-on-error': z.unknown().optional(),
    }),
  ),
});

/** A workflow that cannot be read runs nothing, as far as is known. */
export function readWorkflow(text: string): WorkflowSeen {
  const parsed = Workflow.safeParse(parsedYaml(text));
  if (!parsed.success) return { commands: new Set(), isTrusting: /\bpull_request_target\b/.test(text) };
  const { on, jobs } = parsed.data;
  const always = (part: { if?: unknown; 'continue-on-error'?: unknown }) =>
    part.if === undefined && (part['continue-on-error'] ?? false) === false;
  const lines = Object.values(jobs)
    .filter(always)
    .flatMap(({ steps = [] }) => steps.filter(always))
    .flatMap(({ run = '' }) => run.split('\n').map((line) => line.trim()));
  return {
    commands: new Set(answersAllPulls(on) ? lines.filter((line) => line !== '') : []),
    isTrusting: eventsOf(on).includes('pull_request_target'),
  };
}

/** A filter of branches, paths or types leaves some pull requests out. */
function answersAllPulls(on: unknown): boolean {
  if (!eventsOf(on).includes('pull_request')) return false;
  if (typeof on !== 'object' || on === null || Array.isArray(on)) return true;
  const filter: unknown = Object.entries(on).find(([event]) => event === 'pull_request')?.[1];
  return filter === null || (typeof filter === 'object' && Object.keys(filter ?? {}).length === 0);
}

function eventsOf(on: unknown): string[] {
  if (typeof on === 'string') return [on];
  if (Array.isArray(on)) return on.filter((event) => typeof event === 'string');
  return typeof on === 'object' && on !== null ? Object.keys(on) : [];
}

function parsedYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 50 });
  } catch {
    return null;
  }
}
