import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { whatToRemember } from '../../tools/what-to-remember.ts';

/** All of it is fact, and the same for the same build. */
export interface RunFacts {
  brief: TaskBrief;
  number: number;
  /** Who committed the story. */
  requester: string;
  branch: string;
  /** Where it was asked, such as `acme/shop#4`; null: in the room, or in a file that was imported. */
  askedAt: string | null;
  files: readonly { path: string; added: number; removed: number }[];
  /** Of the base, before this change; null: it has no checks. */
  baseline: CheckReport | null;
  /** What went wrong before this build, oldest first, one sentence each. */
  failures: readonly string[];
  /** What a model said of its work; null: none was asked. */
  said: { model: string; summary: string } | null;
}

const MAX_FILES = 40;
const MAX_FAILURES = 20;

/** The page of a run, for the reader who finds it in the repository years later. */
export function writeRunNote(facts: RunFacts): string {
  const { brief, number, requester, branch, askedAt, files, baseline, failures, said } = facts;
  return [
    `# Task ${number}: ${line(brief.title)}`,
    '',
    '## What was asked',
    '',
    ...(brief.narrative === '' ? [] : [line(brief.narrative), '']),
    ...brief.criteria.map(({ id, text }) => `- ${id}: ${line(text)}`),
    '',
    `Committed by ${requester}, from the conversation "${line(brief.conversationTitle)}" (\`${brief.conversationId}\`${askedAt === null ? '' : `, ${askedAt}`}). The branch is \`${branch}\`.`,
    '',
    '## What changed',
    '',
    ...capped(
      files.map(({ path, added, removed }) => `- \`${path}\` (+${added} −${removed})`),
      MAX_FILES,
    ),
    '',
    '## Checks',
    '',
    ...checkLines(baseline),
    '',
    '## What failed on the way',
    '',
    ...(failures.length === 0
      ? ['Nothing.']
      : capped(
          failures.map((failure) => `- ${line(failure)}`),
          MAX_FAILURES,
        )),
    '',
    '## What the next run should remember',
    '',
    whatToRemember(
      brief,
      files.map(({ path }) => path),
    ),
    ...(said === null ? [] : ['', `In the words of the model ${said.model}:`, '', `> ${line(said.summary)}`]),
    '',
  ].join('\n');
}

/** What they say of this very commit cannot stand in it. */
function checkLines(baseline: CheckReport | null): string[] {
  if (baseline === null || baseline.checks.length === 0) return ['The repository had no checks before this change.'];
  return [
    ...baseline.checks.map(({ name, exitCode }) => `- ${line(name)}: ${exitCode === 0 ? 'green' : 'red'} on the base`),
    '',
    'They ran again on the commit that holds this page; what they said of it stands on its pull request.',
  ];
}

function capped(lines: readonly string[], most: number): string[] {
  const left = lines.length - most;
  return left <= 0 ? [...lines] : [...lines.slice(0, most), `- and ${left} more`];
}

function line(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
