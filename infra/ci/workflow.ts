import { FactoryError } from '#src/errors.ts';

export const WORKFLOW_PATH = '.github/workflows/factory-checks.yml';
/** The job, and by its name the status check that a ruleset can require. */
export const JOB_NAME = 'factory-checks';

export interface WorkflowCommand {
  name: string;
  /** Run by `sh -c` in the repository's root. */
  run: string;
}

export interface WorkflowFacts {
  /** Paths of the commit. */
  fileNames: readonly string[];
  prepare: string | null;
  checks: readonly WorkflowCommand[];
  timeoutMinutes: number;
}

/** A tag can be moved to other code, a commit cannot. These are the releases' own commits. */
const ACTIONS = {
  checkout: 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2',
  node: 'actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0',
  python: 'actions/setup-python@a26af69be951a213d495a4c3e4e4022e16d87065 # v5.6.0',
  go: 'actions/setup-go@d35c59abb061a4a6fb18e82ac0862c26744d6ab5 # v5.5.0',
} as const;

/**
 * A workflow that runs the checks on pull requests, with the right to read the code and no other: `pull_request` gives
 * a fork neither secrets nor a token that writes, and the checked-out code finds no token. Throws FactoryError
 * `ci-command-refused` for a command that GitHub would change before it runs.
 */
export function workflowText({ fileNames, prepare, checks, timeoutMinutes }: WorkflowFacts): string {
  const steps = [
    ...(prepare === null ? [] : [{ name: 'Prepare', run: prepare }]),
    ...checks.map(({ name, run }) => ({ name, run })),
  ];
  return [
    '# Runs the checks of this repository on every pull request. Proposed by `workbench ci init`.',
    '# It may read the code and nothing else. Actions are pinned to a commit, with its version beside it.',
    'name: Factory checks',
    'on:',
    '  pull_request:',
    'permissions:',
    '  contents: read',
    'jobs:',
    `  ${JOB_NAME}:`,
    '    runs-on: ubuntu-latest',
    `    timeout-minutes: ${timeoutMinutes}`,
    '    steps:',
    `      - uses: ${ACTIONS.checkout}`,
    '        with:',
    '          persist-credentials: false',
    ...toolchains(fileNames),
    ...steps.flatMap(({ name, run }) => [`      - name: ${scalar(name)}`, `        run: ${scalar(run)}`]),
    '',
  ].join('\n');
}

function toolchains(fileNames: readonly string[]): string[] {
  const has = (name: string) => fileNames.includes(name);
  const first = (names: readonly string[]) => names.find(has);
  const step = (action: string, setting: string) => [
    `      - uses: ${action}`,
    '        with:',
    `          ${setting}`,
  ];
  const nodeFile = first(['.nvmrc', '.node-version']);
  const isPython = ['pyproject.toml', 'setup.py', 'requirements.txt', 'pytest.ini', '.pytest.ini'].some(has);
  return [
    ...(has('package.json')
      ? step(ACTIONS.node, nodeFile === undefined ? 'node-version: lts/*' : `node-version-file: ${nodeFile}`)
      : []),
    ...(isPython
      ? step(ACTIONS.python, has('.python-version') ? 'python-version-file: .python-version' : 'python-version: 3.x')
      : []),
    ...(has('go.mod') ? step(ACTIONS.go, 'go-version-file: go.mod') : []),
  ];
}

/** Plain where nothing in it means something to YAML, else quoted as JSON, which is YAML too. */
function scalar(text: string): string {
  if (text.includes('${{')) {
    throw new FactoryError('ci-command-refused', `GitHub would replace a part of ${JSON.stringify(text)} by itself.`, {
      fix: 'Write the check without "${{", or move it into a script of the repository.',
    });
  }
  return /^[A-Za-z][\w./=-]*( [\w./=-]+)+$/.test(text) ? text : JSON.stringify(text);
}
