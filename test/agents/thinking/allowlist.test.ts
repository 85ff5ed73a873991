import { describe, expect, it, vi } from 'vitest';
import { roster } from '#agents/line.ts';
import { toolsFor } from '#agents/thinking/allowlist.ts';
import { createModelNotes } from '#agents/thinking/model-notes.ts';
import { think } from '#agents/thinking/think.ts';
import { vera } from '#agents/vera/persona.ts';
import { asksFor, createScriptedCalls, resultsIn, says } from './scripted-calls.ts';
import { assignment, dependencies, done, fakeTool } from './thinking-support.ts';

const names = [
  ...['list_files', 'search', 'read_file', 'edit_file', 'write_file', 'delete_file', 'run_check'],
  ...['bash', 'merge', 'constructor'],
];
const look = ['list_files', 'search', 'read_file'];
const granted: Readonly<Record<string, readonly string[]>> = {
  tess: [],
  piper: [],
  mason: look,
  vera: [...look, 'edit_file', 'write_file', 'run_check'],
  ollan: [...look, 'edit_file', 'write_file', 'delete_file', 'run_check'],
};
const pairs = roster.flatMap((persona) =>
  names.map((name) => ({ persona, who: persona.name, name, may: granted[persona.name]?.includes(name) ?? false })),
);

describe('the allowlist (C02)', () => {
  it.each(pairs)('$who and $name: $may', async ({ persona, who, name, may }) => {
    const run = vi.fn<(path: string) => string>(() => 'it ran');
    const tools = names.map((one) => fakeTool(one, one === name ? run : () => ''));
    const calls = createScriptedCalls([asksFor([name, { path: 'test/a.test.ts' }]), says(done)]);
    const notes = createModelNotes();
    await think(assignment({ persona, tools }), dependencies(calls, { notes }));
    expect(run).toHaveBeenCalledTimes(may ? 1 : 0);
    expect(notes.refusedTools()).toEqual(may ? [] : [name]);
    expect(calls.asked[0]?.tools.map((tool) => tool.name)).toEqual(granted[who]);
    const [result] = calls.asked[1] ? resultsIn(calls.asked[1]) : [];
    expect(result).toContain(may ? 'it ran' : `You may not use "${name}".`);
  });

  it('lets Vera write test files and nothing else', async () => {
    const run = vi.fn<(path: string) => string>(() => 'written');
    const [tool] = toolsFor(vera, [fakeTool('write_file', run)]);
    const { signal } = new AbortController();
    expect(await tool?.run({ path: 'test/a.test.ts' }, signal)).toBe('written');
    await expect(tool?.run({ path: 'src/a.ts' }, signal)).rejects.toMatchObject({ code: 'tool-refused' });
    expect(run).toHaveBeenCalledTimes(1);
    expect(tool?.description).toContain('Only for test files');
  });
});
