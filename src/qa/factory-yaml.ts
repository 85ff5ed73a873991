import { isMap, isNode, isPair, LineCounter, type Node, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { FactoryError } from '#src/errors.ts';
import { nearestWord } from './nearest-word.ts';

/** Where a project says something about itself: the first that is there counts. Both are protected from the factory. */
export const RULES_FILES = ['factory.yaml', 'factory/context/project-context.json'] as const;

export type RulesFile = (typeof RULES_FILES)[number];

/** What a project says about itself in one of `RULES_FILES`, on its base branch. */
export interface ProjectRules {
  /** Null: not said, so the checks are found by marker files. `[]`: said to be none. */
  checks: RuleCheck[] | null;
  /** Null: not said. False: nothing is to be prepared. */
  prepare: { run: string; timeoutSeconds: number } | false | null;
  /** Null: not said, so the setting decides. `[]` denies every approval. */
  approvers: string[] | null;
  /** Protected besides the built-in list. */
  protected: string[];
  /** What `prepare` may reach: `host`, `*.suffix` or `host:port`. Checks reach nothing. */
  domains: string[];
  /** What a model is told of the project. */
  context: ProjectContext;
  /** How much may happen by itself, from 1 to 5; see `src/review/policy.ts`. Null: not said. */
  rung: 1 | 2 | 3 | 4 | 5 | null;
  /** Whether each change carries a page of what came of its task: `factory/runs/<task>.md`. */
  runNotes: boolean;
  /** Whether changes carry the pages of the weeks behind them: `factory/retrospectives/2026-W47.md`. */
  retrospectives: boolean;
  /** 'off': nothing of this project is given to a model. Null: not said. */
  model: 'off' | null;
  /** From which severity on trouble that is told of becomes a story. Null: not said. */
  storyFrom: 'warning' | 'error' | 'critical' | 'none' | null;
}

export interface ProjectContext {
  /** What the project is for. */
  goal: string | null;
  rules: string[];
  /** Words of the domain, in the order of the file. */
  terms: { term: string; meaning: string }[];
  /** The definition of done. */
  done: string[];
}

export interface RuleCheck {
  name: string;
  /** Run by `sh -c` in the repository's root. */
  run: string;
  /** Where the command leaves TAP, JUnit XML or JSON results, relative to the repository's root. */
  report: string | null;
  timeoutSeconds: number;
}

export const DEFAULT_CHECK_SECONDS = 600;
export const DEFAULT_PREPARE_SECONDS = 600;
const MAX_SECONDS = 3600;

const MAX_CHARACTERS = 64 * 1024;
const MAX_PROBLEMS = 10;

const seconds = z
  .int('must be a whole number of seconds')
  .min(1, 'must be at least 1 second')
  .max(MAX_SECONDS, `must be at most ${MAX_SECONDS} seconds`);
const command = z.string('must be a command as text').trim().min(1, 'must not be empty').max(2000, 'is too long');
const line = z.string('must be text').trim().min(1, 'must not be empty').max(300, 'is too long');
const reportPath = line.refine(
  (path) => !path.startsWith('/') && !path.includes('\\') && !path.split('/').includes('..'),
  'must be a path inside the repository, such as reports/junit.xml',
);
const domain = line.regex(
  /^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/,
  'must be a host such as host.example.org, *.example.org or host.example.org:8443',
);

const sentence = z.string('must be text').trim().min(1, 'must not be empty').max(2000, 'is too long');

const CheckObject = z.strictObject(
  { name: line, run: command, report: reportPath.optional(), timeoutSeconds: seconds.optional() },
  'must be a command as text, or an object with name and run',
);
const PrepareObject = z.strictObject(
  { run: command, timeoutSeconds: seconds.optional() },
  'must be a command as text, an object with run, or false',
);

const IncidentsObject = z.strictObject(
  {
    story_from: z.enum(['warning', 'error', 'critical', 'none'], 'must be warning, error, critical or none').optional(),
  },
  'must be an object with story_from',
);

/** Texts become objects first, so that a problem inside an object is named instead of "matches no alternative". */
const textAs = (key: string, also: (text: string) => object) => (value: unknown) =>
  typeof value === 'string' ? { ...also(value), [key]: value } : value;

const FactoryYaml = z.strictObject(
  {
    checks: z
      .array(
        z.preprocess(
          textAs('run', (text) => ({ name: text.trim() })),
          CheckObject,
        ),
        'must be a list',
      )
      .max(20)
      .optional(),
    prepare: z
      .preprocess(
        textAs('run', () => ({})),
        z.union([z.literal(false), PrepareObject]),
      )
      .optional(),
    approvers: z.array(line, 'must be a list').max(100).optional(),
    protected: z.array(line, 'must be a list').max(200).optional(),
    domains: z.array(domain, 'must be a list').max(50).optional(),
    goal: sentence.optional(),
    rules: z.array(sentence, 'must be a list').max(50).optional(),
    terms: z
      .record(line, sentence, 'must be terms with their meanings, such as "lane: a queue of one project"')
      .refine((terms) => Object.keys(terms).length <= 100, 'has too many entries')
      .optional(),
    done: z.array(sentence, 'must be a list').max(50).optional(),
    rung: z
      .union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)], 'must be a number from 1 to 5')
      .optional(),
    run_notes: z.boolean('must be true or false').optional(),
    retrospectives: z.boolean('must be true or false').optional(),
    // YAML 1.1 reads a bare `off` as false, YAML 1.2 as text; people mean the same.
    model: z.union([z.literal('off'), z.literal(false)], 'must be off, or left out').optional(),
    incidents: IncidentsObject.optional(),
  },
  'must hold keys such as "checks:"',
);

const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(FactoryYaml.shape),
  checks: Object.keys(CheckObject.shape),
  prepare: Object.keys(PrepareObject.shape),
  incidents: Object.keys(IncidentsObject.shape),
};

/**
 * Reads what a project says of itself; JSON has the same keys. Throws FactoryError `factory-yaml-invalid`, whose message
 * names the file and has one line a problem, each with line and column.
 */
export function parseFactoryYaml(text: string, file: RulesFile = 'factory.yaml'): ProjectRules {
  const invalid = (problems: readonly string[]) => notUsable(file, problems);
  if (text.length > MAX_CHARACTERS) throw invalid([`it is longer than ${MAX_CHARACTERS} characters`]);
  const lines = new LineCounter();
  // JSON is read as the YAML that it is, so that its problems have lines too.
  const schema = file.endsWith('.json') ? { schema: 'json' as const } : {};
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, ...schema });
  const at = (offset: number): string => {
    const { line: row, col } = lines.linePos(offset);
    return `line ${Math.max(1, row)}:${Math.max(1, col)}`;
  };
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    throw invalid(broken.map((problem) => `${at(problem.pos[0])} ${firstLine(problem.message)}`));
  }

  let content: unknown;
  try {
    // An alias is counted each time it is used, so that a few lines cannot unfold into gigabytes.
    content = document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch (error) {
    throw invalid([`line 1:1 ${firstLine(error instanceof Error ? error.message : String(error))}`]);
  }
  const parsed = FactoryYaml.safeParse(content);
  if (!parsed.success) {
    throw invalid(parsed.error.issues.flatMap((issue) => explain(issue, document, at)));
  }

  const { checks, prepare, approvers, protected: paths, domains, goal, rules, terms, done, rung, model } = parsed.data;
  const { run_notes: runNotes, retrospectives, incidents } = parsed.data;
  const names = checks?.map((check) => check.name) ?? [];
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice !== -1) {
    throw invalid([`${at(offsetOf(document, ['checks', twice]))} there are two checks named "${names[twice]}"`]);
  }
  return {
    checks:
      checks?.map((check) => ({
        name: check.name,
        run: check.run,
        report: check.report ?? null,
        timeoutSeconds: check.timeoutSeconds ?? DEFAULT_CHECK_SECONDS,
      })) ?? null,
    prepare:
      prepare === undefined || prepare === false
        ? (prepare ?? null)
        : { run: prepare.run, timeoutSeconds: prepare.timeoutSeconds ?? DEFAULT_PREPARE_SECONDS },
    approvers: approvers ?? null,
    protected: paths ?? [],
    domains: domains ?? [],
    context: {
      goal: goal ?? null,
      rules: rules ?? [],
      terms: Object.entries(terms ?? {}).map(([term, meaning]) => ({ term, meaning })),
      done: done ?? [],
    },
    rung: rung ?? null,
    runNotes: runNotes ?? false,
    retrospectives: retrospectives ?? false,
    model: model === undefined ? null : 'off',
    storyFrom: incidents?.story_from ?? null,
  };
}

function explain(issue: z.core.$ZodIssue, document: Document, at: (offset: number) => string): string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = KNOWN_KEYS[String(issue.path[0] ?? '')] ?? [];
    return issue.keys.map((key) => {
      const near = nearestWord(key, known);
      const hint = near === null ? `known keys are ${known.join(', ')}` : `did you mean "${near}"?`;
      return `${at(keyOffset(document, issue.path, key))} unknown key "${key}"; ${hint}`;
    });
  }
  if (issue.code === 'invalid_union' && issue.path[0] !== 'model' && issue.path[0] !== 'rung') {
    // The object's own problems say more than "false was expected".
    const inner = issue.errors.at(-1) ?? [];
    return inner.flatMap((problem) => explain({ ...problem, path: [...issue.path, ...problem.path] }, document, at));
  }
  const where = issue.path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1);
  const missing = offsetOfExact(document, issue.path) === null && issue.path.length > 0;
  const what = missing
    ? 'is missing'
    : issue.code === 'too_big' && issue.origin === 'array'
      ? 'has too many entries'
      : issue.message;
  return [`${at(offsetOf(document, issue.path))} ${where === '' ? 'the file' : where} ${what}`];
}

/** Where the value at `path` begins, or the nearest that holds it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const offset = offsetOfExact(document, path.slice(0, length));
    if (offset !== null) return offset;
  }
  return 0;
}

function offsetOfExact(document: Document, path: readonly PropertyKey[]): number | null {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? ((node as Node).range?.[0] ?? null) : null;
}

function keyOffset(document: Document, path: readonly PropertyKey[], key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map) ? map.items.find((item) => isPair(item) && String(item.key) === key) : undefined;
  return isNode(pair?.key) ? (pair.key.range?.[0] ?? 0) : offsetOf(document, path);
}

function notUsable(file: RulesFile, problems: readonly string[]): FactoryError {
  const shown = problems.slice(0, MAX_PROBLEMS);
  const rest = problems.length - shown.length;
  const text = [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
  return new FactoryError('factory-yaml-invalid', `${file} cannot be used:\n${text}`, {
    fix: `Correct these lines of ${file} on the base branch.`,
  });
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/ at line \d+, column \d+:?$/, '');
}
