import { describe, expect, it } from 'vitest';
import { noteLicences } from '#src/review/licences.ts';
import { change, changed, hunk } from './change.ts';

const PATH = 'src/a.js';
const note = (lines: string[], at = 1) => noteLicences(change(PATH), hunk(PATH, lines, at));

describe('a licence', () => {
  it.each(['LICENSE', 'LICENCE.md', 'packages/a/COPYING', 'NOTICE.txt', 'LICENSES/MIT.txt', 'UNLICENSE'])(
    'file that is touched is told: %s',
    (path) => {
      expect(noteLicences(change(path), [])).toEqual([`${path}: a licence file is changed.`]);
      expect(noteLicences(change(changed(path, { status: 'deleted' })), [])[0]).toContain('deleted');
    },
  );

  it('header that goes away is told', () => {
    expect(note(['-// SPDX-License-Identifier: MIT', ' const a = 1;'])).toEqual([
      `${PATH}: its licence header loses \`// SPDX-License-Identifier: MIT\`.`,
    ]);
  });

  it('header that is worded anew is told with both', () => {
    expect(note(['-# Copyright (c) 2020 Ana', '+# Copyright (c) 2020 Ben'])).toEqual([
      `${PATH}: its licence header said \`# Copyright (c) 2020 Ana\` and says \`# Copyright (c) 2020 Ben\` now.`,
    ]);
  });

  it('header cannot break out of what quotes it', () => {
    const [said = ''] = note([`-// Copyright \`[x](https://evil.example)\u202e\` ${'y'.repeat(500)}`]);
    expect(said.split('`')).toHaveLength(3);
    expect(said).not.toContain('\u202e');
    expect(said.length).toBeLessThan(150);
  });

  it('is told from words far below, a moved line, other line ends and a file that is new or gone', () => {
    expect(note(['-const note = "all rights reserved";'], 300)).toEqual([]);
    expect(note(['-// Copyright Ana\r', '+// Copyright Ana'])).toEqual([]);
    expect(note(['+// Copyright Ana'])).toEqual([]);
    const gone = change(changed(PATH, { status: 'deleted' }));
    expect(noteLicences(gone, hunk(PATH, ['-// Copyright Ana']))).toEqual([]);
    expect(noteLicences(change('src/license-check.ts', 'docs/notices.md'), [])).toEqual([]);
  });
});
