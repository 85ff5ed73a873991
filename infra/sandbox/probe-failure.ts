import type { SandboxProbe } from '#src/ports/sandbox.ts';

/** What of the machine decides why bubblewrap was refused. */
export interface MachineFacts {
  /** `/proc/sys/kernel/apparmor_restrict_unprivileged_userns` (Ubuntu since 23.10). */
  appArmorRestrictsUserns: boolean;
  /** `/proc/sys/user/max_user_namespaces` is 0, or Debian's `kernel.unprivileged_userns_clone` is. */
  usernsSwitchedOff: boolean;
  inContainer: boolean;
  installCommand: string;
}

type Failure = Extract<SandboxProbe, { ok: false }>;

export function bubblewrapMissing(facts: MachineFacts): Failure {
  return {
    ok: false,
    reason: 'bubblewrap is not installed, so code that nobody has reviewed cannot run here.',
    fix: `Install it: ${facts.installCommand}`,
  };
}

/** The oldest bubblewrap that can give the folders in memory a size (0.7) and refuse nested user namespaces (0.8). */
export const OLDEST_BUBBLEWRAP = '0.8.0';

export function bubblewrapTooOld(version: string): Failure {
  return {
    ok: false,
    reason: `bubblewrap ${version} is too old: it cannot bound what a command writes to memory.`,
    fix: `Install bubblewrap ${OLDEST_BUBBLEWRAP} or later (Debian 12, Ubuntu 24.04 and Fedora 38 have it).`,
  };
}

/** Turns what `bwrap` wrote to its error output into a sentence on why and one on what to do. */
export function explainRefusal(stderr: string, facts: MachineFacts): Failure {
  const said = lastLine(stderr);
  const noNamespace =
    /No permissions to creat(e|ing) new namespace|[Cc]reat(e|ing) new namespace failed|setting up uid map|uid_map|RTM_NEWADDR|RTM_NEWLINK|CLONE_NEW/;
  if (noNamespace.test(stderr)) {
    if (facts.usernsSwitchedOff) {
      return {
        ok: false,
        reason: 'This machine has user namespaces switched off, and bubblewrap needs them.',
        fix: 'As root: sysctl -w user.max_user_namespaces=15000 kernel.unprivileged_userns_clone=1 (a name that the machine does not know can be left out), and keep it in /etc/sysctl.d.',
      };
    }
    if (facts.inContainer) {
      return {
        ok: false,
        reason: 'This container is not allowed to make namespaces, and bubblewrap needs them.',
        fix: 'Start the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined (docker-compose: security_opt).',
      };
    }
    if (facts.appArmorRestrictsUserns) {
      return {
        ok: false,
        reason: 'AppArmor refuses user namespaces to bubblewrap on this machine, as Ubuntu does since 23.10.',
        fix: "As root, allow it for bubblewrap: printf 'abi <abi/4.0>,\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }\\n' > /etc/apparmor.d/bwrap && apparmor_parser -r /etc/apparmor.d/bwrap",
      };
    }
    return {
      ok: false,
      reason: `The kernel refused bubblewrap a namespace: ${said}`,
      fix: 'Allow unprivileged user namespaces on this machine, or run the factory on another one.',
    };
  }
  if (/mount proc|\/proc: /.test(stderr) && /Operation not permitted|Permission denied/.test(stderr)) {
    return {
      ok: false,
      reason: 'The sandbox may not mount its own /proc, as is usual in a container with masked paths.',
      fix: 'Start the container with --security-opt systempaths=unconfined.',
    };
  }
  if (/failed to execute prlimit|execvp prlimit/.test(stderr)) {
    return {
      ok: false,
      reason: 'The program prlimit is missing, so nothing would be bounded.',
      fix: 'Install the package util-linux (Alpine: util-linux-misc).',
    };
  }
  const unreachable = /Can't (?:find source path|open|bind mount|chdir to|mkdir) ?([^:]*): Permission denied/.exec(
    stderr,
  );
  if (unreachable !== null) {
    return {
      ok: false,
      reason: `The sandbox's user cannot reach ${unreachable[1] ?? 'a folder that it needs'}.`,
      fix: 'Set WORKBENCH_DATA to a folder that every user may walk through, such as one under /var/lib.',
    };
  }
  return {
    ok: false,
    reason: `bubblewrap could not start a command: ${said}`,
    fix: 'Run "bwrap --ro-bind / / true" in a terminal to see the machine\'s own words, and correct what they name.',
  };
}

function lastLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return (lines.at(-1) ?? 'it said nothing').replace(/[^\x20-\x7e]/g, '').slice(0, 300);
}

export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number));
  for (let part = 0; part < 3; part += 1) {
    const difference = (a?.[part] ?? 0) - (b?.[part] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
