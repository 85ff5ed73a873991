import path from 'node:path';
import { FactoryError } from './errors.ts';

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
