import { describe, expect, it } from 'vitest';
import { type InstallMachine, installBubblewrap, installCommand } from '#infra/sandbox/install.ts';

function machine(
  more: { has?: string; isRoot?: boolean; failures?: (string | null)[] } = {},
): InstallMachine & { ran: string[] } {
  const failures = [...(more.failures ?? [])];
  const ran: string[] = [];
  return {
    ran,
    isRoot: more.isRoot ?? true,
    hasProgram: (name) => name === (more.has ?? 'apt-get'),
    run: async (argv) => {
      ran.push(argv.join(' '));
      return failures.shift() ?? null;
    },
  };
}

describe('installing bubblewrap', () => {
  it.each([
    ['apt-get', 'apt-get install -y --no-install-recommends bubblewrap'],
    ['dnf', 'dnf install -y bubblewrap'],
    ['apk', 'apk add bubblewrap util-linux-misc'],
    ['pacman', 'pacman -S --noconfirm --needed bubblewrap'],
    ['none of them', 'apt-get install -y --no-install-recommends bubblewrap'],
  ])('with %s prints the one command', (has, command) => {
    expect(installCommand(machine({ has }))).toBe(command);
    expect(installCommand(machine({ has, isRoot: false }))).toBe(`sudo ${command}`);
  });

  it('says what it ran', async () => {
    const debian = machine();
    expect(await installBubblewrap(debian)).toEqual({ ok: true, ran: debian.ran.join(' && ') });
    expect(debian.ran).toEqual(['apt-get install -y -qq --no-install-recommends bubblewrap']);
  });

  it('refreshes the list of packages when it was too old', async () => {
    const debian = machine({ failures: ['Unable to locate package'] });
    expect(await installBubblewrap(debian)).toMatchObject({ ok: true });
    expect(debian.ran.map((line) => line.split(' ')[1])).toEqual(['install', 'update', 'install']);
  });

  it('says why it could not', async () => {
    expect(await installBubblewrap(machine({ has: 'dnf', failures: ['no route'] }))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('no route'),
      fix: expect.stringContaining('dnf install'),
    });
    expect(await installBubblewrap(machine({ has: 'brew' }))).toMatchObject({ ok: false, ran: null });
  });

  it('runs nothing as an ordinary user', async () => {
    const debian = machine({ isRoot: false });
    expect(await installBubblewrap(debian)).toMatchObject({
      ok: false,
      ran: null,
      fix: expect.stringContaining('sudo apt-get'),
    });
    expect(debian.ran).toEqual([]);
  });
});
