import { probeGit } from '#infra/git/probe-git.ts';
import { inspectRedis } from '#infra/queue/inspect-redis.ts';
import type { Config } from '#src/config.ts';
import type { CheckView } from '#src/desk/desk.ts';
import { FactoryError } from '#src/errors.ts';
import { isGroup } from '#src/ports/groups.ts';
import type { Groups } from '#src/ports/groups.ts';
import type { ModelOffice } from '#src/ports/model.ts';
import type { Sandbox } from '#src/ports/sandbox.ts';
import { modelChecks } from './model-checks.ts';
import { osvCheck } from './osv-check.ts';

export interface Diagnosed {
  config: Config;
  database: { kind: 'embedded' | 'external'; majorVersion: number; superuser: boolean };
  sandbox: Sandbox;
  groups: Groups;
}

/** Tries each thing that the factory stands on, live. `models`: null when none is set up; absent, they are left out. */
export async function diagnose(
  { config, database, sandbox, groups }: Diagnosed,
  models?: ModelOffice | null,
): Promise<CheckView[]> {
  return [
    databaseCheck(database),
    await sandboxCheck(sandbox),
    await gitCheck(),
    ...(config.redisUrl === null ? [] : [await redisCheck(config.redisUrl)]),
    approversCheck(config),
    ...(await Promise.all(config.approvers.filter(isGroup).map((group) => groupCheck(groups, group)))),
    ...(models === undefined ? [] : await modelChecks(models)),
    await osvCheck(config.osvUrl),
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

/** A group that cannot be read lets none of its members approve. */
async function groupCheck(groups: Groups, group: string): Promise<CheckView> {
  const name = `approvers ${group}`;
  try {
    const members = await groups.members(group);
    if (members.length > 0)
      return { name, state: 'ok', detail: `${members.length} of the group may approve.`, fix: null };
    return { name, state: 'warning', detail: `Nobody is in the group ${group}.`, fix: 'Add people to it in Slack.' };
  } catch (error) {
    if (error instanceof FactoryError) return { name, state: 'warning', detail: error.message, fix: error.fix };
    throw error;
  }
}
