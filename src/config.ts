import path from 'node:path';
import * as z from 'zod';
import { gitHubNotes, gitHubSettings, gitHubShape } from './github-settings.ts';
import type { GitHubSettings } from './github-settings.ts';
import { idleModelKey, modelSettings, modelShape, openLines } from './model-settings.ts';
import type { ModelSettings } from './model-settings.ts';
import { badSettings, folderUrl, portNumber, url } from './setting-kinds.ts';
import { settings } from './settings.ts';
import { signalSettings, signalShape } from './signal-settings.ts';
import type { SignalSettings } from './signal-settings.ts';
import { idleSlackKeys, slackSettings, slackShape } from './slack-settings.ts';
import type { SlackSettings } from './slack-settings.ts';
import { retroCronSetting } from './retro-schedule.ts';
import type { RetroSchedule } from './retro-schedule.ts';
import { timeZoneOf, timeZoneSetting, workingHoursSetting } from './working-hours.ts';
import type { WorkingHours } from './working-hours.ts';

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
  /** null: the personas work without a model. */
  model: ModelSettings | null;
  /** null: nobody talks in Slack. */
  slack: SlackSettings | null;
  /** null: repositories are folders of this machine. */
  github: GitHubSettings | null;
  /** null: nobody can tell of trouble. */
  signals: SignalSettings | null;
  /** Who knows of vulnerable packages; ends with a slash. null: nobody is asked. */
  osvUrl: string | null;
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** When people are reminded of what waits for them, Monday to Friday; null: never. */
  workingHours: WorkingHours | null;
  /** Slug of the project whose repository is the workbench's own; null: none is. */
  factoryProject: string | null;
  /** When the week of every project is looked back on; null: only when somebody asks. */
  retrospectives: RetroSchedule | null;
  /** What a person should know about how the settings were read. */
  notes: readonly string[];
}

const schema = z.object({
  PORT: portNumber,
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
  ...modelShape,
  ...slackShape,
  ...gitHubShape,
  ...signalShape,
  OSV_URL: folderUrl,
  WORKING_HOURS: workingHoursSetting,
  FACTORY_PROJECT: z.string().trim().toLowerCase(),
  RETRO_CRON: retroCronSetting,
  TIME_ZONE: timeZoneSetting,
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
    throw badSettings(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const value = parsed.data;
  const model = value.OPENAI_MODEL === '' ? null : modelSettings(value, env);
  return {
    port: value.PORT,
    portIsExplicit: (env['PORT'] ?? '') !== '',
    dataDir: path.resolve(cwd, value.WORKBENCH_DATA),
    databaseUrl: value.DATABASE_URL === '' ? null : value.DATABASE_URL,
    redisUrl: value.REDIS_URL === '' ? null : value.REDIS_URL,
    approvers: value.APPROVERS,
    sandbox: value.SANDBOX,
    approvalExpiryHours: value.APPROVAL_EXPIRY_HOURS,
    model,
    slack: value.SLACK_BOT_TOKEN === '' ? null : slackSettings(value),
    github: gitHubSettings(value, cwd),
    signals: signalSettings(value),
    osvUrl: value.OSV_URL === '' ? null : value.OSV_URL,
    logLevel: value.LOG_LEVEL,
    workingHours: value.WORKING_HOURS && { ...value.WORKING_HOURS, timeZone: timeZoneOf(value.TIME_ZONE) },
    factoryProject: value.FACTORY_PROJECT === '' ? null : value.FACTORY_PROJECT,
    retrospectives:
      value.RETRO_CRON === null ? null : { cron: value.RETRO_CRON, timeZone: timeZoneOf(value.TIME_ZONE) },
    notes: [...idleModelKey(value), ...idleSlackKeys(value), ...gitHubNotes(value), ...openLines(model)],
  };
}

/** An empty value is as good as none, but for the approvers: there it says that nobody may approve. */
function valueOf(env: Readonly<Record<string, string | undefined>>, name: string, fallback: string): string {
  const given = env[name];
  return given === undefined || (given === '' && name !== 'APPROVERS') ? fallback : given;
}
