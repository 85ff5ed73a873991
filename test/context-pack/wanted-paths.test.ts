import { describe, expect, it } from 'vitest';
import { buildPack } from '#src/context-pack/build-pack.ts';
import { readableArtifact } from '#src/desk/readable-artifact.ts';
import { contextPathsIn } from '#src/inception/context-paths.ts';
import { packRequest } from './pack-request.ts';

const said = (position: number, text: string, role: 'person' | 'assistant' = 'person') => ({ position, role, text });

describe('paths that people list as context', () => {
  it('are read from bullets under their headings, those of cited messages first', () => {
    const messages = [
      said(0, 'First\n\n## Files\n- src/later.ts'),
      said(1, 'Greet\n\n## Context paths\n- `src/greet.ts`: the entry, see `docs/greet.md`\n- src/views/, Makefile'),
      said(2, '## Context\n- src/context.ts\n\n## Intent\nGreet.'),
      said(3, '## Files\n- src/proposed.ts', 'assistant'),
      said(4, 'Src/never.ts\n\n```md\n## Files\n- src/shown.ts\n```'),
    ];
    expect(contextPathsIn(messages, new Set([1]))).toEqual([
      'src/greet.ts',
      'docs/greet.md',
      'src/views/',
      'Makefile',
      'src/later.ts',
      'src/context.ts',
    ]);
  });

  it('are none under a heading that tells a story', () => {
    expect(contextPathsIn([said(0, '## Context\nWe moved src/a.ts last week.\n- see src/b.ts')], new Set())).toEqual(
      [],
    );
  });

  it('are at most twenty', () => {
    const list = Array.from({ length: 30 }, (_, n) => `- src/${n}.ts`).join('\n');
    expect(contextPathsIn([said(0, `## Files\n${list}`)], new Set())).toHaveLength(20);
  });
});

describe('a pack for whoever works on it', () => {
  const files = {
    'src/greet.ts': 'export const greet = () => {};\n',
    'src/new.ts': 'export const brought = 1;\n',
    'docs/a.md': 'Alpha\n',
    'docs/b.md': 'Beta\n',
    'docs/brought.md': 'Brought by the change\n',
    'src/greeting-by-name.ts': 'greet by name greet by name\n',
  };
  const pack = (named: readonly string[]) =>
    buildPack({
      ...packRequest({ files }),
      wanted: { named, basePaths: ['src/greet.ts', 'docs/a.md', 'docs/b.md', 'logo.png', 'src/greeting-by-name.ts'] },
    });

  it('shows them before what only sounds like the task, and says whose wish it was', () => {
    const shown = pack(['docs/b.md']).included.filter(({ part }) => part === 'files');
    expect(shown[0]).toMatchObject({ title: 'docs/b.md', why: 'named by whoever asked for this task' });
    expect(pack([]).included.find(({ part }) => part === 'files')?.title).toBe('src/greeting-by-name.ts');
  });

  it('takes only what stands in the base and what a pack shows, and keeps account of the others (A01)', () => {
    const made = pack([
      'docs/',
      'src/new.ts',
      '../../etc/passwd',
      '/etc/passwd',
      '.git/config',
      'logo.png',
      'nowhere.ts',
    ]);
    expect(made.wanted).toEqual([
      { named: 'docs/', files: ['docs/a.md', 'docs/b.md'], why: null },
      { named: 'src/new.ts', files: [], why: 'It is not in the repository.' },
      { named: '../../etc/passwd', files: [], why: 'The path climbs out with "..".' },
      { named: '/etc/passwd', files: [], why: 'The path is absolute; give it relative to the repository.' },
      { named: '.git/config', files: [], why: "It lies in git's own folder." },
      { named: 'logo.png', files: [], why: expect.stringContaining('no text that a pack shows') },
      { named: 'nowhere.ts', files: [], why: 'It is not in the repository.' },
    ]);
    const wishes = made.included.filter(({ why }) => why.startsWith('named by'));
    expect(wishes.map(({ title }) => title)).toEqual(['docs/a.md', 'docs/b.md']);
    const artifact = {
      kind: 'context-pack' as const,
      mediaType: 'application/json' as const,
      content: JSON.stringify(made),
    };
    expect(readableArtifact(artifact)).toContain('nowhere.ts: not taken. It is not in the repository.');
  });
});
