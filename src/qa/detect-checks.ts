import { z } from 'zod';
import { DEFAULT_CHECK_SECONDS, DEFAULT_PREPARE_SECONDS, type ProjectRules } from './factory-yaml.ts';

/** What will be run at one commit, and how its results can be read. */
export interface CheckPlan {
  prepare: PlannedPrepare | null;
  /** Empty: the repository has no checks, which is never called passed. */
  checks: PlannedCheck[];
  source: 'factory.yaml' | 'marker' | 'none';
}

export interface PlannedPrepare {
  command: string;
  /** What this step may reach; the checks after it reach nothing. */
  domains: string[];
  timeoutSeconds: number;
}

export interface PlannedCheck {
  name: string;
  /** Run by `sh -c` in the repository's root. */
  command: string;
  report: ReportSource | null;
  /** Values may hold `{reports}`, which becomes the absolute path of the folder for reports. */
  env: Record<string, string>;
  timeoutSeconds: number;
}

/** Where a check's cases can be read. A file that is absent afterwards falls back on what was printed. */
export type ReportSource =
  | { from: 'repository'; path: string }
  /** A file in the folder for reports, beside the repository. */
  | { from: 'reports'; file: string }
  | { from: 'stdout' };

export interface DetectOptions {
  /**
   * What `npm` may reach while preparing, as `host` or `host:port`; for a machine that is set to a registry of its own.
   * Default: npm's public registry. The port is part of it, so that a company's mirror at a private address that
   * answers to that name is reached too.
   */
  registryHosts?: readonly string[];
}

const NPM_REGISTRY_HOSTS: readonly string[] = ['registry.npmjs.org:443'];

/** npm reads `ignore-scripts` so; a package's install script is code that nobody here has asked for. */
const NPM_PREPARE = 'npm ci --ignore-scripts';
const NPM_LOCKS = ['package-lock.json', 'npm-shrinkwrap.json'] as const;
const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'] as const;

const PackageJson = z.object({ scripts: z.record(z.string(), z.unknown()).optional() });
const LockFile = z.object({
  packages: z.record(z.string(), z.unknown()).optional(),
  dependencies: z.record(z.string(), z.unknown()).optional(),
});

const NO_RULES: ProjectRules = {
  checks: null,
  prepare: null,
  approvers: null,
  protected: [],
  domains: [],
  context: { goal: null, rules: [], terms: [], done: [] },
  rung: null,
  runNotes: false,
  retrospectives: false,
  model: null,
  storyFrom: null,
};

interface Repository {
  has(path: string): boolean;
  names: readonly string[];
  testScript: string | null;
  makefile: string | null;
  lock: { hasDependencies: boolean } | null;
  pyproject: string | null;
}

/**
 * Decides what to run: what `factory.yaml` says, else the first marker file of package.json, Makefile, pytest, go.mod.
 * `givenRules` is null for a project without `factory.yaml`. `fileNames` are all paths of the commit; `readText` gives null for what is absent or too large.
 */
export async function detectChecks(
  fileNames: readonly string[],
  readText: (path: string) => Promise<string | null>,
  givenRules: ProjectRules | null,
  options: DetectOptions = {},
): Promise<CheckPlan> {
  const rules = givenRules ?? NO_RULES;
  const repository = await look(fileNames, readText);
  if (rules.checks !== null) {
    const checks = rules.checks.map((rule): PlannedCheck => {
      const planned = planCheck(rule.name, rule.run, repository, rule.timeoutSeconds);
      return rule.report === null ? planned : { ...planned, report: { from: 'repository', path: rule.report } };
    });
    return {
      prepare: checks.length === 0 ? null : prepareStep(repository, rules, options),
      checks,
      source: 'factory.yaml',
    };
  }
  const command = markerCommand(repository);
  if (command === null) return { prepare: null, checks: [], source: 'none' };
  const check = planCheck(command, command, repository, DEFAULT_CHECK_SECONDS);
  return { prepare: prepareStep(repository, rules, options), checks: [check], source: 'marker' };
}

async function look(names: readonly string[], readText: (path: string) => Promise<string | null>): Promise<Repository> {
  const all = new Set(names);
  const read = async (path: string | undefined): Promise<string | null> =>
    path !== undefined && all.has(path) ? readText(path) : null;
  const packageJson = PackageJson.safeParse(parseJson(await read('package.json')));
  const testScript = packageJson.success ? packageJson.data.scripts?.test : undefined;
  const lockPath = NPM_LOCKS.find((path) => all.has(path));
  return {
    has: (path) => all.has(path),
    names,
    testScript: typeof testScript === 'string' ? testScript : null,
    makefile: await read(MAKEFILES.find((path) => all.has(path))),
    lock: lockPath === undefined ? null : { hasDependencies: hasDependencies(await read(lockPath)) },
    pyproject: await read('pyproject.toml'),
  };
}

/** A lockfile that could not be read is taken to have some: preparing too much is only slow. */
function hasDependencies(lock: string | null): boolean {
  const parsed = LockFile.safeParse(parseJson(lock));
  if (!parsed.success) return true;
  const packages = Object.keys(parsed.data.packages ?? {}).filter((path) => path !== '');
  return packages.length > 0 || Object.keys(parsed.data.dependencies ?? {}).length > 0;
}

function markerCommand(repository: Repository): string | null {
  const { testScript, makefile } = repository;
  // What `npm init` writes: it prints this and fails.
  if (testScript !== null && testScript.trim() !== '' && !/no test specified/i.test(testScript)) return 'npm test';
  if (makefile !== null && /^test[ \t]*(?:[A-Za-z0-9_.\- \t]*[ \t])?::?(?!=)/m.test(makefile)) return 'make test';
  if (usesPytest(repository)) return 'python3 -m pytest';
  if (repository.has('go.mod')) return 'go test -json ./...';
  return null;
}

function usesPytest(repository: Repository): boolean {
  if (repository.has('pytest.ini') || repository.has('.pytest.ini')) return true;
  if (repository.pyproject !== null && /^\s*\[tool\.pytest[\].]/m.test(repository.pyproject)) return true;
  return repository.names.some(
    (path) => /(^|\/)conftest\.py$/.test(path) || /^tests?\/(.*\/)?(test_[^/]*|[^/]*_test)\.py$/.test(path),
  );
}

function prepareStep(repository: Repository, rules: ProjectRules, options: DetectOptions): PlannedPrepare | null {
  if (rules.prepare === false) return null;
  const registries = options.registryHosts ?? NPM_REGISTRY_HOSTS;
  if (rules.prepare !== null) {
    const npmHosts = /\bnpm\b/.test(rules.prepare.run) ? registries : [];
    return {
      command: rules.prepare.run,
      domains: unique([...npmHosts, ...rules.domains]),
      timeoutSeconds: rules.prepare.timeoutSeconds,
    };
  }
  if (repository.lock?.hasDependencies !== true) return null;
  return {
    command: NPM_PREPARE,
    domains: unique([...registries, ...rules.domains]),
    timeoutSeconds: DEFAULT_PREPARE_SECONDS,
  };
}

const VITEST_ALONE = /^\s*(npx\s+)?vitest(\s+(run|--[\w.-]+(=[\w./-]+)?))*\s*$/;
const JEST_ALONE = /^\s*(npx\s+)?jest(\s+--[\w.-]+(=[\w./-]+)?)*\s*$/;

/** Adds to a command what makes its runner leave results that can be read, without changing what it prints. */
function planCheck(name: string, command: string, repository: Repository, timeoutSeconds: number): PlannedCheck {
  const plain = { name, command, env: {}, report: null, timeoutSeconds };
  const script = runsTestScript(command) ? repository.testScript : null;
  const text = [command, script ?? '', /\bmake\b/.test(command) ? (repository.makefile ?? '') : ''].join('\n');
  if (/\bgo test\b.*-json\b/.test(command)) return { ...plain, report: { from: 'stdout' } };
  if (script !== null && VITEST_ALONE.test(script)) {
    const more = '--reporter=default --reporter=json --outputFile.json="$FACTORY_REPORTS/cases.json"';
    return {
      ...plain,
      command: `${command} -- ${more}`,
      env: REPORTS_FOLDER,
      report: { from: 'reports', file: 'cases.json' },
    };
  }
  if (script !== null && JEST_ALONE.test(script)) {
    const more = '--json --outputFile="$FACTORY_REPORTS/cases.json"';
    return {
      ...plain,
      command: `${command} -- ${more}`,
      env: REPORTS_FOLDER,
      report: { from: 'reports', file: 'cases.json' },
    };
  }
  if (/\bnode\b[^\n]*\s--test\b/.test(text)) {
    return { ...plain, env: NODE_RUNNER_OPTIONS, report: { from: 'reports', file: 'cases.tap' } };
  }
  if (/\b(pytest|py\.test)\b/.test(text)) {
    return {
      ...plain,
      env: { PYTEST_ADDOPTS: '--junitxml="{reports}/cases.xml"' },
      report: { from: 'reports', file: 'cases.xml' },
    };
  }
  return { ...plain, report: { from: 'stdout' } };
}

const REPORTS_FOLDER: Record<string, string> = { FACTORY_REPORTS: '{reports}' };

/** Tried with Node 20 and 24: the first reporter keeps the output for people, the second writes TAP beside it. */
const NODE_RUNNER_OPTIONS: Record<string, string> = {
  NODE_OPTIONS:
    '--test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap "--test-reporter-destination={reports}/cases.tap"',
};

function runsTestScript(command: string): boolean {
  return /^\s*npm\s+(t|tst|test|run\s+test)\s*$/.test(command);
}

function parseJson(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
