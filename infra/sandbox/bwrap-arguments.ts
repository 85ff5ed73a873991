import { lstatSync, readlinkSync } from 'node:fs';
import type { SandboxLimits } from '#src/ports/sandbox.ts';
import { prlimitArguments, RUN_BYTES, SHARED_MEMORY_BYTES, TMP_BYTES } from './limits.ts';

/** Where things are inside. */
const INSIDE = {
  workspace: '/workspace',
  home: '/home/agent',
  node: '/opt/node/bin/node',
  npm: '/opt/node/lib/node_modules/npm',
  bridge: '/opt/factory/egress-bridge.mts',
  proxySocket: '/opt/factory/egress.sock',
} as const;

const PROXY_PORT = 3128;

/** The user that a command believes to be. */
const INSIDE_ID = '1000';

/** Folders of the machine that hold no secrets but are not under /usr: the loader's cache, certificates, the clock. */
const PUBLIC_ETC = [
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/localtime',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/pki/tls/certs',
  '/etc/pki/ca-trust/extracted',
  '/etc/ca-certificates/extracted',
];

/** Certificates that the machine trusts beyond Node's own list (a company's, for one); the first that exists. */
const CERTIFICATE_FILES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];

/** Settings of package managers that the machine keeps under /usr; they may hold access tokens. */
const HIDDEN_SETTINGS = ['/usr/etc', '/usr/local/etc'];

export interface BwrapCommand {
  argv: readonly string[];
  /** Relative to the workspace, '' for its root. */
  cwd: string;
  env: Readonly<Record<string, string>>;
  limits: SandboxLimits;
  workspace: { files: string; home: string; etc: string };
  /** Files of the host: the Node that runs inside, and npm's package folder. */
  node: string;
  npmDir: string | null;
  /** Set when the command may reach something: the proxy's socket and the bridge's source on the host. */
  egress: { socket: string; bridge: string; domains: readonly string[] } | null;
  /** Number of the open file that holds the seccomp filter, null for none. */
  seccompFile: number | null;
}

/** The arguments of `bwrap`, in the order in which it does them. */
export function bwrapArguments(command: BwrapCommand): string[] {
  const env = { ...baseEnvironment(command.egress?.domains ?? null), ...command.env };
  return [
    ...['--unshare-user', '--disable-userns', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'],
    ...['--unshare-cgroup-try', '--die-with-parent', '--new-session', '--json-status-fd', '3'],
    ...(command.seccompFile === null ? [] : ['--seccomp', String(command.seccompFile)]),
    ...['--ro-bind', '/usr', '/usr', ...HIDDEN_SETTINGS.flatMap(hideFolder), ...systemFolders()],
    ...Object.keys(INSIDE_ETC).flatMap((name) => ['--ro-bind', `${command.workspace.etc}/${name}`, `/etc/${name}`]),
    ...PUBLIC_ETC.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--ro-bind', command.node, INSIDE.node, ...npmArguments(command.npmDir)],
    ...(command.egress === null
      ? []
      : ['--ro-bind', command.egress.bridge, INSIDE.bridge, '--ro-bind', command.egress.socket, INSIDE.proxySocket]),
    ...['--proc', '/proc', '--dev', '/dev'],
    // bwrap's /dev is a tmpfs without a bound: only /dev/shm stays writable, with one.
    ...['--size', String(SHARED_MEMORY_BYTES), '--perms', '1777', '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--size', String(TMP_BYTES), '--perms', '1777', '--tmpfs', '/tmp'],
    ...['--size', String(RUN_BYTES), '--tmpfs', '/run', '--symlink', '../tmp', '/var/tmp'],
    ...['--bind', command.workspace.home, INSIDE.home, '--bind', command.workspace.files, INSIDE.workspace],
    ...['--chdir', command.cwd === '' ? INSIDE.workspace : `${INSIDE.workspace}/${command.cwd}`],
    ...['--clearenv', ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value])],
    ...[
      '--uid',
      INSIDE_ID,
      '--gid',
      INSIDE_ID,
      '--cap-drop',
      'ALL',
      '--hostname',
      'sandbox',
      '--remount-ro',
      '/',
      '--',
    ],
    // Inside, so that the number of processes counts this sandbox alone.
    ...['prlimit', ...prlimitArguments(command.limits, { processes: command.limits.processes }), '--'],
    ...(command.egress === null ? [] : [INSIDE.node, INSIDE.bridge, String(PROXY_PORT), INSIDE.proxySocket]),
    ...command.argv,
  ];
}

/** The few files that /etc holds inside; the machine's own list of users stays outside. */
export const INSIDE_ETC: Readonly<Record<string, string>> = {
  passwd: `agent:x:${INSIDE_ID}:${INSIDE_ID}:agent:${INSIDE.home}:/bin/sh\n`,
  group: `agent:x:${INSIDE_ID}:\n`,
  hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  // The repository was put there by the host; git refuses what another user owns unless it is told.
  gitconfig:
    '[safe]\n\tdirectory = *\n[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n[gc]\n\tautoDetach = false\n',
};

function baseEnvironment(domains: readonly string[] | null): Record<string, string> {
  return {
    PATH: `/opt/node/bin:${INSIDE.home}/.local/bin:/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
    HOME: INSIDE.home,
    USER: 'agent',
    LOGNAME: 'agent',
    LANG: 'C.UTF-8',
    TMPDIR: '/tmp',
    SHELL: '/bin/sh',
    CI: 'true',
    NO_COLOR: '1',
    GIT_TERMINAL_PROMPT: '0',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    ...(domains === null ? {} : proxyEnvironment(domains)),
  };
}

function proxyEnvironment(domains: readonly string[]): Record<string, string> {
  const proxy = `http://127.0.0.1:${PROXY_PORT}`;
  // A service that the command itself starts is on the sandbox's loopback; one that was listed is on the host's.
  const direct = ['localhost', '127.0.0.1', '::1'].filter((host) => !domains.some((domain) => domain.includes(host)));
  const certificates = CERTIFICATE_FILES.find(exists);
  return {
    ...(certificates === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificates, SSL_CERT_FILE: certificates }),
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
    NO_PROXY: direct.join(','),
    no_proxy: direct.join(','),
    NODE_USE_ENV_PROXY: '1',
    npm_config_proxy: proxy,
    npm_config_https_proxy: proxy,
    npm_config_noproxy: direct.join(','),
  };
}

/** npm as it lies beside any Node: links in bin that lead into the package. */
function npmArguments(npmDir: string | null): string[] {
  if (npmDir === null) return [];
  return [
    ...['--ro-bind', npmDir, INSIDE.npm],
    ...['--symlink', '../lib/node_modules/npm/bin/npm-cli.js', '/opt/node/bin/npm'],
    ...['--symlink', '../lib/node_modules/npm/bin/npx-cli.js', '/opt/node/bin/npx'],
  ];
}

/** /bin, /lib, … are links into /usr on merged systems and folders of their own elsewhere (Alpine). */
function systemFolders(): string[] {
  return ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].flatMap((path) => {
    if (!exists(path)) return [];
    return lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
  });
}

function hideFolder(path: string): string[] {
  return isFolder(path) ? ['--size', '4096', '--tmpfs', path, '--remount-ro', path] : [];
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
