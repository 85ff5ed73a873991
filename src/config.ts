import path from 'node:path';
import * as z from 'zod';
import { FactoryError } from './errors.ts';

/** Every setting: its default and what it means. The README's table and `.env.example` are checked against this. */
export const settings = {
  PORT: { default: '4747', meaning: 'Port of the room. Unset and busy: the next free one. Set and busy: an error.' },
  WORKBENCH_DATA: { default: '.workbench/', meaning: 'Where the embedded database, mirrors and sandboxes live.' },
  DATABASE_URL: { default: '', meaning: 'Another PostgreSQL (15 or later) in place of the embedded one.' },
  REDIS_URL: { default: '', meaning: 'Redis 7 (noeviction) for the queue, in place of PostgreSQL.' },
  APPROVERS: { default: 'local', meaning: 'Who may approve a merge, separated by commas. Empty: nobody.' },
  SANDBOX: { default: 'bubblewrap', meaning: 'Where code runs: bubblewrap, or none (code runs with your rights).' },
  APPROVAL_EXPIRY_HOURS: { default: '72', meaning: 'How long an approval may wait for its merge.' },
  LOG_LEVEL: {
    default: 'warn',
    meaning: 'How much the log on standard error says: debug, info, warn, error or silent.',
  },
} as const;

export interface Config {
  port: number;
  portIsExplicit: boolean;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  approvers: string[];
  sandbox: 'bubblewrap' | 'none';
  approvalExpiryHours: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

const url = (schemes: string[]) =>
  z.string().refine((value) => value === '' || schemes.some((scheme) => value.startsWith(`${scheme}://`)), {
    message: `must start with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });

const schema = z.object({
  PORT: z.string().regex(/^\d+$/, 'must be a number').transform(Number).pipe(z.int().min(0).max(65_535)),
  WORKBENCH_DATA: z.string().min(1),
  DATABASE_URL: url(['postgres', 'postgresql']),
  REDIS_URL: url(['redis', 'rediss']),
  APPROVERS: z.string().transform((list) =>
    list
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
  SANDBOX: z.enum(['bubblewrap', 'none']),
  APPROVAL_EXPIRY_HOURS: z.string().transform(Number).pipe(z.number().positive().max(8760)),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
});

/**
 * Reads the settings. Relative paths resolve against `cwd` (npm changes the working directory, so callers pass
 * `INIT_CWD`). Throws FactoryError `bad-setting` that names each setting that will not do.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  const given = Object.fromEntries(
    Object.entries(settings).map(([name, { default: fallback }]) => [name, valueOf(env, name, fallback)]),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new FactoryError('bad-setting', `These settings will not do: ${faults.join('; ')}.`, {
      fix: 'Correct them in the environment or in .env; see .env.example.',
    });
  }
  const value = parsed.data;
  return {
    port: value.PORT,
    portIsExplicit: (env['PORT'] ?? '') !== '',
    dataDir: path.resolve(cwd, value.WORKBENCH_DATA),
    databaseUrl: value.DATABASE_URL === '' ? null : value.DATABASE_URL,
    redisUrl: value.REDIS_URL === '' ? null : value.REDIS_URL,
    approvers: value.APPROVERS,
    sandbox: value.SANDBOX,
    approvalExpiryHours: value.APPROVAL_EXPIRY_HOURS,
    logLevel: value.LOG_LEVEL,
  };
}

/** An empty value is as good as none, but for the approvers: there it says that nobody may approve. */
function valueOf(env: Readonly<Record<string, string | undefined>>, name: string, fallback: string): string {
  const given = env[name];
  return given === undefined || (given === '' && name !== 'APPROVERS') ? fallback : given;
}

/** What the host's own environment says that is no setting of ours: where the person stands, and npm's own program. */
export interface HostEnvironment {
  cwd: string;
  npmProgram: string | null;
  /** `host:port` of the package registry that npm uses here; null outside of npm. */
  registryHost: string | null;
  /** Where tools are looked for. */
  path: string | null;
  env: Readonly<Record<string, string | undefined>>;
}

/** Reads the environment once, with what a `.env` where the person stands adds to it; what is set already wins. */
export function hostEnvironment(): HostEnvironment {
  const cwd = process.env['INIT_CWD'] ?? process.cwd();
  const file = path.join(cwd, '.env');
  try {
    process.loadEnvFile(file);
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isAbsent) {
      throw new FactoryError(
        'bad-env-file',
        `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        {
          fix: 'Correct it after the pattern of .env.example, or remove it.',
        },
      );
    }
  }
  return {
    cwd,
    npmProgram: process.env['npm_execpath'] ?? null,
    registryHost: registryHostOf(process.env['npm_config_registry']),
    path: process.env['PATH'] ?? null,
    env: process.env,
  };
}

function registryHostOf(url: string | undefined): string | null {
  if (url === undefined || !URL.canParse(url)) return null;
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port === '' ? (protocol === 'http:' ? '80' : '443') : port}`;
}
