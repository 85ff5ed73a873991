import type { DiffFacts } from '#src/ports/workspace.ts';
import type { FileLines } from './diff-lines.ts';
import { quote } from './quote.ts';

const LICENCE_FILE =
  /(^|\/)(?:(?:UN)?LICEN[CS]E|COPYING|COPYRIGHT|NOTICE|PATENTS)(?:-[\w-]+(?:\.\d+)?)?(?:\.(?:md|txt|rst|html|adoc))?$|(^|\/)LICENSES\//i;
const HEADER =
  /SPDX-(?:License-Identifier|FileCopyrightText)|\bcopyright\b|\(c\) ?(?:19|20)\d\d|©|\blicen[cs]ed? (?:under|to)\b|all rights reserved|permission is hereby granted|@licen[cs]e\b/i;
/** A header stands at the top; the longest usual one, BSD with three clauses, has about 30 lines. */
const HEADER_LINES = 60;

/** Licence files that are touched, and headers of files that a change takes away or words anew; one note a file. */
export function noteLicences(facts: DiffFacts, files: readonly FileLines[]): string[] {
  const lines = new Map(files.map((file) => [file.path, file]));
  return facts.files.flatMap(({ path, status }) => {
    if (LICENCE_FILE.test(path)) return [`${path}: a licence file is ${status === 'modified' ? 'changed' : status}.`];
    if (status === 'deleted') return [];
    const { added, removed } = lines.get(path) ?? { added: [], removed: [] };
    const kept = new Set(added.map(({ text }) => text.trim()));
    const gone = removed.filter(
      ({ line, text }) => line <= HEADER_LINES && HEADER.test(text) && !kept.has(text.trim()),
    );
    const [first] = gone;
    if (first === undefined) return [];
    const now = added.find(({ line, text }) => line <= HEADER_LINES && HEADER.test(text));
    return [
      now === undefined
        ? `${path}: its licence header loses ${quote(first.text)}.`
        : `${path}: its licence header said ${quote(first.text)} and says ${quote(now.text)} now.`,
    ];
  });
}
