import { describe, expect, it } from 'vitest';
import { bubblewrapMissing, explainRefusal, isOlder, type MachineFacts } from '#infra/sandbox/probe-failure.ts';

const facts: MachineFacts = {
  appArmorRestrictsUserns: false,
  usernsSwitchedOff: false,
  inContainer: false,
  installCommand: 'apt-get install bubblewrap',
};

describe('why the sandbox does not start', () => {
  it('names the command that installs it', () => {
    expect(bubblewrapMissing(facts).fix).toContain('apt-get install bubblewrap');
  });

  it.each([
    [
      'Ubuntu',
      'bwrap: setting up uid map: Permission denied',
      { appArmorRestrictsUserns: true },
      /AppArmor/,
      /apparmor_parser/,
    ],
    [
      'Ubuntu with an unconfined profile missing',
      'bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted',
      { appArmorRestrictsUserns: true },
      /AppArmor/,
      /userns/,
    ],
    [
      'a container',
      'bwrap: Creating new namespace failed: Operation not permitted',
      { inContainer: true, appArmorRestrictsUserns: true },
      /container/,
      /seccomp=unconfined/,
    ],
    [
      'a container with masked paths',
      "bwrap: Can't mount proc on /newroot/proc: Operation not permitted",
      { inContainer: true },
      /\/proc/,
      /systempaths=unconfined/,
    ],
    [
      'a kernel without them',
      'bwrap: No permissions to create new namespace, likely because the kernel does not allow it',
      { usernsSwitchedOff: true },
      /switched off/,
      /sysctl/,
    ],
    ['something else', 'bwrap: No permissions to create new namespace', {}, /kernel refused/, /user namespaces/],
    [
      'a folder that cannot be walked to',
      "bwrap: Can't find source path /root/data/ws: Permission denied",
      {},
      /\/root\/data\/ws/,
      /WORKBENCH_DATA/,
    ],
    ['no prlimit', 'bwrap: execvp prlimit: No such file or directory', {}, /prlimit/, /util-linux/],
    ['words that nobody knows', 'first\nbwrap: Unknown \u001b[31moption\n', {}, /bwrap: Unknown/, /bwrap --ro-bind/],
  ])('on %s', (_, stderr, more, reason, fix) => {
    const failure = explainRefusal(stderr, { ...facts, ...more });
    expect(failure.ok).toBe(false);
    expect(failure.reason).toMatch(reason);
    expect(failure.fix).toMatch(fix);
    expect(failure.reason).not.toContain('\u001b');
  });

  it.each([
    ['0.8.0', '0.8.0', false],
    ['0.11.0', '0.8.0', false],
    ['0.6.1', '0.8.0', true],
    ['0.7', '0.8.0', true],
    ['1.0', '0.8.0', false],
  ])('takes %s for older than %s: %s', (version, than, expected) => {
    expect(isOlder(version, than)).toBe(expected);
  });
});
