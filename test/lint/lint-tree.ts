import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

interface Diagnostic {
  code: string;
  filename: string;
  labels: { span: { line: number } }[];
}

export interface LintReport {
  exitCode: number;
  /** Rules that object to one line (counted from 1), such as `eslint(no-console)`; all lines without a line. */
  rulesAt(file: string, line?: number): string[];
}

/** Lints a throw-away tree with this project's own configuration. Files are given by path and lines. */
export function lintTree(files: Readonly<Record<string, readonly string[]>>): LintReport {
  const root = mkdtempSync(path.join(tmpdir(), 'workbench-lint-'));
  try {
    for (const name of ['.oxlintrc.json', 'package.json', 'tsconfig.json'])
      cpSync(path.join(projectRoot, name), path.join(root, name));
    symlinkSync(path.join(projectRoot, 'node_modules'), path.join(root, 'node_modules'));
    for (const [file, lines] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), `${lines.join('\n')}\n`);
    }
    return run(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function run(root: string): LintReport {
  const oxlint = path.join(projectRoot, 'node_modules/oxlint/bin/oxlint');
  let exitCode = 0;
  let output: string;
  try {
    output = execFileSync(process.execPath, [oxlint, '--format', 'json'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const failed = error as { status: number | null; stdout: string };
    exitCode = failed.status ?? -1;
    output = failed.stdout;
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: Diagnostic[] };
  const objections = new Map<string, string[]>();
  for (const { code, filename, labels } of diagnostics) {
    const file = path.relative(root, path.resolve(root, filename));
    for (const place of [file, `${file}:${labels[0]?.span.line}`])
      objections.set(place, [...(objections.get(place) ?? []), code]);
  }
  return {
    exitCode,
    rulesAt: (file, line) => objections.get(line === undefined ? file : `${file}:${line}`) ?? [],
  };
}
