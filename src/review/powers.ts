import type { DiffFacts } from '#src/ports/workspace.ts';

/** Files that act on what is not in the repository, and what such a file can do. */
const POWERS: readonly { pattern: RegExp; what: string; can: string; high: boolean }[] = [
  {
    pattern:
      /^\.(?:github|gitea|forgejo)\/(?:workflows|actions)\/|(^|\/)action\.ya?ml$|^\.gitlab-ci\.yml$|^\.gitlab\/|^\.(?:circleci|buildkite)\/|^\.(?:drone|travis|cirrus)\.yml$|^azure-pipelines[^/]*\.ya?ml$|^bitbucket-pipelines\.yml$|(^|\/)Jenkinsfile[^/]*$/i,
    what: 'a workflow',
    can: 'runs commands on the forge, with the secrets that it has there',
    high: true,
  },
  { pattern: /(^|\/)CODEOWNERS$/i, what: 'code owners', can: 'decides whose review is asked for', high: true },
  {
    // Pages of past runs and weeks (`factory/runs/7.md`) are words that nothing obeys.
    pattern: /^factory\.ya?ml$|^factory\/(?!(?:runs|retrospectives)\/[^/]+\.md$)/i,
    what: 'rules of the factory',
    can: 'decides what is checked, who approves and what is protected',
    high: true,
  },
  {
    pattern: /^\.github\/|^renovate\.json5?$|^\.renovaterc/i,
    what: 'a setting of the forge',
    can: 'steers what runs there by itself',
    high: true,
  },
  {
    pattern:
      /^\.(?:husky|githooks|lefthook|git-hooks)\/|^\.?lefthook(?:-local)?\.ya?ml$|^\.pre-commit-(?:config|hooks)\.yaml$|(^|\/)\.git(?:attributes|modules|config)$/i,
    what: 'hooks or settings of git',
    can: 'can run commands on the machine of everybody who works here',
    high: true,
  },
  {
    pattern:
      /(^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.cjs|pnpm-workspace\.yaml|\.pypirc|pip\.conf|\.bundle\/config|\.cargo\/config(?:\.toml)?|bunfig\.toml)$/i,
    what: 'a setting of the package manager',
    can: 'decides where packages come from and what they may run',
    high: true,
  },
  {
    pattern:
      /(^|\/)\.(?:vscode|idea|devcontainer|claude|cursor|codex|gemini|windsurf)\/|(^|\/)(?:\.mcp\.json|mcp\.json|CLAUDE\.md|AGENTS\.md|GEMINI\.md|\.cursorrules|\.envrc)$/i,
    what: 'a setting of editors or coding agents',
    can: 'is obeyed on the machine of whoever opens the repository',
    high: true,
  },
  {
    pattern:
      /(^|\/)(?:[\w.-]*\.)?(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|(^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/i,
    what: 'an image or its services',
    can: 'decides what is built and run, and with which rights',
    high: false,
  },
  {
    pattern: /(^|\/)(?:(?:GNU)?makefile|justfile|taskfile\.ya?ml|Rakefile)$|\.mk$/i,
    what: 'a file of commands',
    can: 'runs them on the machine of whoever calls it',
    high: false,
  },
  {
    pattern:
      /\.tf(?:vars)?$|^(?:terraform|pulumi|k8s|kubernetes|helm|charts|ansible|deploy(?:ment)?s?)\/|(^|\/)(?:serverless|fly|vercel|netlify|render)\.(?:ya?ml|toml|json)$/i,
    what: 'a description of what runs in production',
    can: 'changes it when it is applied',
    high: true,
  },
];

export interface Power {
  path: string;
  what: string;
  can: string;
  /** It reaches beyond the repository: secrets, other machines, who decides. */
  high: boolean;
}

/** Files of the change that have a power beyond their own lines. Each stands once, under the first that fits. */
export function findPowers(facts: Pick<DiffFacts, 'files'>): Power[] {
  return facts.files.flatMap(({ path }) => powerOf(path) ?? []);
}

/** null: a file like others. */
export function powerOf(path: string): Power | null {
  const found = POWERS.find(({ pattern }) => pattern.test(path));
  return found === undefined ? null : { path, what: found.what, can: found.can, high: found.high };
}

export function notePowers(facts: DiffFacts): string[] {
  const status = new Map(facts.files.map((file) => [file.path, file.status]));
  return findPowers(facts).map(({ path, what, can }) => {
    const how = status.get(path) === 'modified' ? 'changed' : (status.get(path) ?? 'changed');
    return `${path}: ${what}, ${how}; it ${can}.`;
  });
}
