import { expect, it } from 'vitest';
import { createPathGuard } from '#infra/git/protected-paths.ts';

it.each([
  ['.github/', '.github/workflows/ci.yml', true],
  ['.github/', 'docs/.github/x', true],
  ['.github/**', '.github/workflows/ci.yml', true],
  ['.github/**', '.GitHub/Workflows/ci.yml', true],
  ['.github', '.githubx', false],
  ['factory.yaml', 'factory.yaml', true],
  ['factory.yaml', 'sub/factory.yaml', true],
  ['/factory.yaml', 'factory.yaml', true],
  ['factory.yaml', 'factoryxyaml', false],
  ['src/auth', 'src/auth/login.ts', true],
  ['src/auth', 'lib/src/auth/login.ts', false],
  ['src/*.key', 'src/a.key', true],
  ['src/*.key', 'src/deep/a.key', false],
  ['src/**/*.key', 'src/deep/er/a.key', true],
  ['src/**/*.key', 'src/a.key', true],
  ['*.pem', 'deep/er/a.pem', true],
  ['*.pem', 'a.pem.txt', false],
  ['file?.txt', 'file1.txt', true],
  ['a[b](c)+.txt', 'a[b](c)+.txt', true],
  ['weird\nname', 'weird\nname', true],
])('%j guards %j: %s', (pattern, path, guarded) => {
  expect(createPathGuard(['never-this', pattern])(path)).toBe(guarded ? pattern : null);
});
