import { describe, expect, it } from 'vitest';
import { findPowers, notePowers } from '#src/review/powers.ts';
import { change, changed } from './change.ts';

describe('a file that acts on more than the repository', () => {
  it.each([
    ['.github/workflows/ci.yml', 'a workflow'],
    ['.GitHub/Workflows/ci.yml', 'a workflow'],
    ['.github/actions/setup/action.yml', 'a workflow'],
    ['tools/action.yaml', 'a workflow'],
    ['.gitlab-ci.yml', 'a workflow'],
    ['Jenkinsfile.release', 'a workflow'],
    ['.github/CODEOWNERS', 'code owners'],
    ['docs/CODEOWNERS', 'code owners'],
    ['factory.yaml', 'rules of the factory'],
    ['factory/tasks/queue.json', 'rules of the factory'],
    ['factory/runs/page.sh', 'rules of the factory'],
    ['.github/dependabot.yml', 'a setting of the forge'],
    ['.husky/pre-commit', 'hooks or settings of git'],
    ['.pre-commit-config.yaml', 'hooks or settings of git'],
    ['packages/a/.gitattributes', 'hooks or settings of git'],
    ['packages/a/.npmrc', 'a setting of the package manager'],
    ['.cargo/config.toml', 'a setting of the package manager'],
    ['.vscode/settings.json', 'a setting of editors or coding agents'],
    ['AGENTS.md', 'a setting of editors or coding agents'],
    ['infra/Dockerfile', 'an image or its services'],
    ['Dockerfile.prod', 'an image or its services'],
    ['docker-compose.override.yml', 'an image or its services'],
    ['GNUmakefile', 'a file of commands'],
    ['main.tf', 'a description of what runs in production'],
  ])('is told with what it can do: %s (C09, C23, A15, A16, A17)', (path, what) => {
    expect(findPowers(change(path))).toEqual([expect.objectContaining({ path, what })]);
  });

  it('says how it is touched', () => {
    expect(notePowers(change(changed('.github/workflows/x.yml', { status: 'added' })))).toEqual([
      '.github/workflows/x.yml: a workflow, added; it runs commands on the forge, with the secrets that it has there.',
    ]);
    expect(notePowers(change('Makefile'))).toEqual([
      'Makefile: a file of commands, changed; it runs them on the machine of whoever calls it.',
    ]);
  });

  it.each([
    'src/docker.ts',
    'docs/workflows/ci.md',
    'factory/runs/7.md',
    'factory/retrospectives/2026-W47.md',
    'src/compose.ts',
    'src/actions/action.ts',
    'src/make.js',
    'src/deploy/x.ts',
  ])('is told from one that only sounds so: %s', (path) => {
    expect(findPowers(change(path))).toEqual([]);
  });
});
