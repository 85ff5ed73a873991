import { probeGit } from '#infra/git/probe-git.ts';
import { inspectRedis } from '#infra/queue/inspect-redis.ts';
import type { Config } from '#src/config.ts';
import type { CheckView } from '#src/desk/desk.ts';
import { FactoryError } from '#src/errors.ts';
import type { Sandbox } from '#src/ports/sandbox.ts';

export interface Diagnosed {
  config: Config;
  database: { kind: 'embedded' | 'external'; majorVersion: number; superuser: boolean };
  sandbox: Sandbox;
}

/** Tries each thing that the factory stands on, live. */
export async function diagnose({ config, database, sandbox }: Diagnosed): Promise<CheckView[]> {
  return [
    databaseCheck(database),
    await sandboxCheck(sandbox),
    await gitCheck(),
    ...(config.redisUrl === null ? [] : [await redisCheck(config.redisUrl)]),
    approversCheck(config),
  ];
}

function databaseCheck({ kind, majorVersion, superuser }: Diagnosed['database']): CheckView {
  const detail = `${kind === 'embedded' ? 'The embedded' : 'Your own'} PostgreSQL ${majorVersion} answers.`;
  return superuser
    ? {
        name: 'database',
        state: 'warning',
        detail: `${detail} The workbench is its superuser, so it could walk past the ledger's guards.`,
        fix: 'Give DATABASE_URL an ordinary role that owns its database.',
      }
    : { name: 'database', state: 'ok', detail, fix: null };
}

async function sandboxCheck(sandbox: Sandbox): Promise<CheckView> {
  if (sandbox.kind === 'none') {
    return {
      name: 'sandbox',
      state: 'warning',
      detail: 'SANDBOX=none: code of conversations runs with your own rights.',
      fix: 'Unset SANDBOX to run it in bubblewrap.',
    };
  }
  const probe = await sandbox.probe();
  return probe.ok
    ? { name: 'sandbox', state: 'ok', detail: probe.detail, fix: null }
    : { name: 'sandbox', state: 'missing', detail: probe.reason, fix: probe.fix };
}

async function gitCheck(): Promise<CheckView> {
  try {
    const { version } = await probeGit();
    return { name: 'git', state: 'ok', detail: `Git ${version} answers.`, fix: null };
  } catch (error) {
    if (error instanceof FactoryError) return { name: 'git', state: 'missing', detail: error.message, fix: error.fix };
    throw error;
  }
}

async function redisCheck(url: string): Promise<CheckView> {
  try {
    const { warnings } = await inspectRedis(url);
    return warnings.length === 0
      ? { name: 'redis', state: 'ok', detail: 'Redis answers.', fix: null }
      : { name: 'redis', state: 'warning', detail: warnings.join(' '), fix: 'Set maxmemory-policy to noeviction.' };
  } catch (error) {
    if (error instanceof FactoryError)
      return { name: 'redis', state: 'missing', detail: error.message, fix: error.fix };
    throw error;
  }
}

function approversCheck({ approvers }: Config): CheckView {
  return approvers.length === 0
    ? {
        name: 'approvers',
        state: 'warning',
        detail: 'Nobody may approve a merge.',
        fix: 'Set APPROVERS, such as APPROVERS=local.',
      }
    : { name: 'approvers', state: 'ok', detail: `${approvers.join(', ')} may approve.`, fix: null };
}
