import { FactoryError } from '#src/errors.ts';
import type { ImportFinding } from '#src/ports/workspace.ts';
import { quoted } from './ref-names.ts';

/** More than this a person does not read; the whole list is in `findings`. */
const MAX_SHOWN = 10;

/** The scan objects. Everything that it found is in `findings`; the message lists it for a person. */
export class ImportRefused extends FactoryError {
  readonly findings: readonly ImportFinding[];

  constructor(findings: readonly ImportFinding[]) {
    const shown = findings
      .slice(0, MAX_SHOWN)
      .map(({ path, detail }) => (path === null ? detail : `${quoted(path)}: ${detail}`));
    const more = findings.length > MAX_SHOWN ? ` And ${findings.length - MAX_SHOWN} more.` : '';
    super('import-refused', `The work was not taken in. ${shown.map((line) => `${line}.`).join(' ')}${more}`, {
      fix: 'Have the work done again without these, or make such a change by hand.',
    });
    this.name = 'ImportRefused';
    this.findings = findings;
  }
}
