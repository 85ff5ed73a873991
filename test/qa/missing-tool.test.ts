import { describe, expect, it } from 'vitest';
import { findMissingTool, toolsNeverThere } from '#src/qa/missing-tool.ts';
import type { CheckReport, CheckRun } from '#src/qa/report.ts';
import { judge } from '#src/qa/verdict.ts';

const run = (command: string, exitCode: number | null, outputTail: string): CheckRun => ({
  name: command,
  command,
  exitCode,
  endedBy: null,
  durationMs: 1,
  cases: null,
  outputTail,
});
const report = (...checks: CheckRun[]): CheckReport => ({ sha: 'a'.repeat(40), prepare: null, checks });
const noGo = run('go test -json ./...', 127, 'sh: 1: go: not found');
const noPytest = run('python3 -m pytest', 1, '/usr/bin/python3: No module named pytest');

describe('a program that is not there', () => {
  it.each([
    [noGo, 'go'],
    [run('npm test', 127, '> x@1.0.0 test\n> jest\n\nsh: 1: jest: not found'), 'jest'],
    [run('make test', 127, 'bash: line 1: cc: command not found'), 'cc'],
    [run('./run', 127, 'env: ‘ruby’: No such file or directory'), 'ruby'],
    [run('  tox -q', 127, ''), 'tox'],
    [noPytest, 'pytest'],
  ])('is named: %#', (check, tool) => {
    expect(findMissingTool(check)).toBe(tool);
  });

  it.each([
    run('go test ./...', 1, 'FAIL: config.yaml: not found'),
    run('go test ./...', 0, 'sh: 1: go: not found'),
    run('python3 -m pytest', 1, "ModuleNotFoundError: No module named 'shop'"),
    run('python3 -m unittest', 1, '/usr/bin/python3: No module named pytest'),
    { ...noGo, endedBy: 'wall-time' as const },
  ])('is not read into other failures: %#', (check) => {
    expect(findMissingTool(check)).toBeNull();
  });

  it('is what the verdict says, and never passes', () => {
    const verdict = judge({ base: report(noGo), head: report(noGo), criteria: [] });
    expect(verdict).toMatchObject({ outcome: 'failed', knownBefore: [] });
    expect(verdict.findings.map(({ text }) => text)).toEqual([
      '"go test -json ./..." could not run: go is not there where checks run.',
    ]);
  });

  it('is the machine’s fault only where it was missing before the change too', () => {
    expect(toolsNeverThere(report(noGo), report(noGo))).toEqual([{ check: 'go test -json ./...', tool: 'go' }]);
    expect(toolsNeverThere(report({ ...noGo, exitCode: 0 }), report(noGo))).toEqual([]);
    expect(toolsNeverThere(null, report(noGo))).toEqual([]);
  });
});
