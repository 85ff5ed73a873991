import { describe, expect, it } from 'vitest';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { RetrospectiveRow } from '#src/ledger/reflection-rows.ts';
import type { HeldContent } from '#src/reflection/digest/held.ts';
import { briefOf } from '../one-step.ts';
import { done, FILES, GREET, openBuildFloor, write } from './build-floor.ts';
import type { BuildFloor } from './build-floor.ts';

const ASKED = { ...FILES, 'factory.yaml': 'retrospectives: true\n' };
const pathOf = (week: string) => `factory/retrospectives/${week}.md`;
const HELD = ['2026-W44', '2026-W46', '2026-W47'];

const contentOf = (week: string): HeldContent => ({
  retrospective: {
    ...{ project: 'Greeter', from: '2026-11-16T09:00:00.000Z', until: '2026-11-23T09:00:00.000Z', better: null },
    ...{ shipped: [], hurt: [], learned: [], toTry: [], numbers: [], caveats: [] },
  },
  details: [],
  markdown: `# ${week}\n\nGreat, <!-- says nobody -->.\n`,
});

/** The weeks that were looked back on, the words of one of which may be gone. */
function hold(floor: BuildFloor, erased: string | null = null): void {
  const rows = HELD.map((week): RetrospectiveRow => {
    const artifact = jsonArtifact('retrospective', contentOf(week));
    if (week !== erased) floor.keep(artifact);
    const times = { from: '', until: '', heldAt: '' };
    return { id: week, projectId: 'project', week, isQuiet: false, lessonIds: [], artifact: artifact.hash, ...times };
  });
  const { tables } = floor.tools.unitOfWork;
  floor.tools.unitOfWork = {
    ...floor.tools.unitOfWork,
    tables: {
      ...tables,
      find: async (table, ...rest) => (table === 'retrospectives' ? rows : tables.find(table, ...rest)) as never,
    },
  };
}

async function built(files: Readonly<Record<string, string>>, erased: string | null = null) {
  const floor = await openBuildFloor({ files, brief: briefOf({ changeSet: null }) });
  hold(floor, erased);
  floor.script([write(GREET), done('Greets by name.'), done('Nothing to clean up.')]);
  const packet = await floor.build();
  const changed = floor.clone.git('diff', '--name-only', floor.baseSha, packet.headSha).split('\n');
  return { floor, packet, pages: changed.filter((path) => path.startsWith('factory/')) };
}

describe('the pages of the weeks', () => {
  it('begin with the last one, on the last commit, which the host writes', async () => {
    const { floor, packet, pages } = await built(ASKED);
    expect(pages).toEqual([pathOf('2026-W47')]);
    const page = floor.clone.git('show', `${packet.headSha}:${pathOf('2026-W47')}`);
    expect(page).toContain('# 2026-W47');
    expect(page).not.toContain('<!--');
    expect(floor.clone.git('log', '-1', '--format=%an: %s', packet.headSha)).toMatch(/Tess.*: Note what the last week/);
    expect(packet.hostFiles.map(({ path }) => path)).toEqual(pages);
    expect(packet.outsidePlan).toEqual([]);
  });

  it('are those since the newest that is there, beside the page of the run', async () => {
    const there = {
      [pathOf('2026-W44')]: 'Of that week.\n',
      'factory.yaml': 'retrospectives: true\nrun_notes: true\n',
    };
    const { pages } = await built({ ...ASKED, ...there });
    expect(pages).toEqual([pathOf('2026-W46'), pathOf('2026-W47'), 'factory/runs/1.md']);
  });

  it('leave out a week whose words were erased', async () => {
    const { pages, packet } = await built({ ...ASKED, [pathOf('2026-W44')]: 'Of that week.\n' }, '2026-W46');
    expect(pages).toEqual([pathOf('2026-W47')]);
    expect(packet.hostFiles).toHaveLength(1);
  });

  it('do not come unasked, and not twice', async () => {
    expect((await built(FILES)).pages).toEqual([]);
    expect((await built({ ...ASKED, [pathOf('2026-W47')]: 'Of that week.\n' })).pages).toEqual([]);
  });
});
