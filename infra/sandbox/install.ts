import { execFile } from 'node:child_process';
import { constants, existsSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineFacts } from './probe-failure.ts';

export type InstallOutcome = { ok: true; ran: string } | { ok: false; ran: string | null; reason: string; fix: string };

interface PackageManager {
  program: string;
  steps: readonly (readonly string[])[];
  env?: Readonly<Record<string, string>>;
}

/** In the order in which they are looked for. Every step is non-interactive. */
const PACKAGE_MANAGERS: readonly PackageManager[] = [
  {
    program: 'apt-get',
    steps: [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'bubblewrap'],
    ],
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  },
  { program: 'dnf', steps: [['dnf', 'install', '-y', '-q', 'bubblewrap']] },
  { program: 'apk', steps: [['apk', 'add', '--no-progress', 'bubblewrap', 'util-linux-misc']] },
  { program: 'pacman', steps: [['pacman', '-S', '--noconfirm', '--needed', 'bubblewrap']] },
];

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const STEP_TIMEOUT_MS = 300_000;

export interface InstallMachine {
  hasProgram(name: string): boolean;
  isRoot: boolean;
  /** Runs a program; the last words of its error output when it failed, null when it did not. */
  run(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<string | null>;
}

/** The one command that a person can run to install bubblewrap on this machine. */
export function installCommand(machine: InstallMachine = thisMachine()): string {
  const manager = PACKAGE_MANAGERS.find((candidate) => machine.hasProgram(candidate.program)) ?? PACKAGE_MANAGERS[0];
  const command = (manager?.steps.at(-1) ?? []).filter((word) => !/^(-qq?|--no-progress)$/.test(word)).join(' ');
  return machine.isRoot ? command : `sudo ${command}`;
}

/**
 * Installs bubblewrap with the machine's package manager, as root only. `ran` is what was really run, for the person to
 * read. The list of packages is refreshed only when installing without that failed (apt).
 */
export async function installBubblewrap(machine: InstallMachine = thisMachine()): Promise<InstallOutcome> {
  const manager = PACKAGE_MANAGERS.find((candidate) => machine.hasProgram(candidate.program));
  if (manager === undefined) {
    return {
      ok: false,
      ran: null,
      reason: 'No package manager that the factory knows (apt-get, dnf, apk, pacman) is on this machine.',
      fix: 'Install bubblewrap by the means of this machine.',
    };
  }
  if (!machine.isRoot) {
    return { ok: false, ran: null, reason: 'Only root may install packages.', fix: `Run: ${installCommand(machine)}` };
  }
  const install = manager.steps.at(-1) ?? [];
  const ran: string[] = [];
  const step = async (argv: readonly string[]): Promise<string | null> => {
    ran.push(argv.join(' '));
    return machine.run(argv, manager.env ?? {});
  };
  let failure = await step(install);
  if (failure !== null && manager.steps.length > 1) {
    for (const argv of manager.steps) failure = await step(argv);
  }
  const text = ran.join(' && ');
  if (failure === null) return { ok: true, ran: text };
  return {
    ok: false,
    ran: text,
    reason: `Installing bubblewrap failed: ${failure}`,
    fix: `Run it by hand and read its answer: ${installCommand(machine)}`,
  };
}

export async function machineFacts(): Promise<MachineFacts> {
  const setting = async (path: string): Promise<string | null> =>
    readFile(path, 'utf8').then(
      (text) => text.trim(),
      () => null,
    );
  return {
    appArmorRestrictsUserns: (await setting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')) === '1',
    usernsSwitchedOff:
      (await setting('/proc/sys/user/max_user_namespaces')) === '0' ||
      (await setting('/proc/sys/kernel/unprivileged_userns_clone')) === '0',
    inContainer: (await isThere('/.dockerenv')) || (await isThere('/run/.containerenv')),
    installCommand: installCommand(),
  };
}

function thisMachine(): InstallMachine {
  return {
    hasProgram: (name) => SYSTEM_PATH.split(':').some((folder) => existsSync(join(folder, name))),
    isRoot: process.getuid?.() === 0,
    run: (argv, env) =>
      new Promise((resolve) => {
        const [file = '', ...args] = argv;
        const options = {
          env: { PATH: SYSTEM_PATH, HOME: '/root', LANG: 'C', ...env },
          timeout: STEP_TIMEOUT_MS,
          maxBuffer: 8 * 1024 * 1024,
        };
        execFile(file, args, options, (error, _stdout, stderr) => {
          resolve(error === null ? null : (stderr.trim().split('\n').at(-1) || error.message).slice(0, 300));
        });
      }),
  };
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
