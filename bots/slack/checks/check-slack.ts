import { WebClient } from '@slack/web-api';
import type { WebClientOptions } from '@slack/web-api';
import type { SlackSettings } from '#src/slack-settings.ts';
import type { CheckView } from '#src/desk/desk.ts';
import { personaNames, type PersonaName } from '#src/ports/personas.ts';
import { callFaultOf } from '../call-fault.ts';
import { clientOptions } from '../client-options.ts';
import { agentScopes, botScopes, personaScopes, type Scope } from '../manifest/scopes.ts';
import { checkAvatars } from './avatars.ts';
import { checkChannel, type Member } from './channels.ts';
import { checkDelivery } from './delivery.ts';
import { checkSessions } from './sessions.ts';
import { signIn, type SignedIn } from './sign-in.ts';

const CALL_TIMEOUT_MS = 10_000;

/**
 * Tries the set-up against the live Slack: tokens, permissions, events, `channels` that are bound to a project, pictures.
 * Posts nothing. No token is in any line. `channels`: ids.
 */
export async function checkSlack(settings: SlackSettings, channels: readonly string[]): Promise<CheckView[]> {
  const clientFor = (token: string) =>
    new WebClient(token, clientOptions(settings, { timeoutMs: CALL_TIMEOUT_MS, logger: silent }));
  const client = clientFor(settings.botToken);
  const own = await signIn(client, 'SLACK_BOT_TOKEN');
  if (!own.ok) return [{ name: 'slack', state: 'missing', detail: own.reason, fix: own.fix }];
  const personas = await Promise.all(
    personaNames.flatMap((persona) => {
      const token = settings.personaTokens[persona];
      return token === undefined ? [] : [checkPersona(persona, clientFor(token), own)];
    }),
  );
  const members = personas.flatMap(({ member }) => (member === null ? [] : [member]));
  const app = { userId: own.userId, name: own.userName };
  // Without the permission there is no need to ask, and its own line says so.
  const mayShow = own.scopes === null || agentScopes.every((scope) => own.scopes?.includes(scope));
  return [
    { name: 'slack', state: 'ok', detail: `@${own.userName} is signed in to ${own.team.name}.`, fix: null },
    checkScopes('slack permissions', own.scopes, botScopes({ agent: true })),
    await checkDelivery(settings.delivery, clientFor, await appIdOf(client, own)),
    ...(mayShow ? [await checkSessions(client)] : []),
    ...personas.flatMap(({ checks }) => checks),
    ...(await Promise.all(channels.map((channel) => checkChannel(client, channel, app, members)))),
    await checkAvatars(settings.avatarsUrl),
  ];
}

/** What the client would say goes to standard output, where the doctor's lines stand. */
export const silent: NonNullable<WebClientOptions['logger']> = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => 'error' as ReturnType<NonNullable<WebClientOptions['logger']>['getLevel']>,
};

function checkScopes(name: string, given: readonly string[] | null, wanted: readonly Scope[]): CheckView {
  if (given === null) {
    return { name, state: 'warning', detail: 'Slack did not say what the app may do.', fix: 'Run this again later.' };
  }
  const missing = wanted.filter((scope) => !given.includes(scope));
  if (missing.length === 0) return { name, state: 'ok', detail: 'The app may do all that it needs.', fix: null };
  const isExtra = (scope: Scope) => (agentScopes as readonly Scope[]).includes(scope);
  if (missing.every(isExtra)) {
    const detail = 'The app is not declared an agent, so Slack shows no native status and no Stop button.';
    return { name, state: 'warning', detail, fix: 'Fine as it is; the task cards have both.' };
  }
  const needed = missing.filter((scope) => !isExtra(scope));
  return {
    name,
    state: 'missing',
    detail: `The app may not: ${needed.join(', ')}.`,
    fix: 'Add them under OAuth & Permissions, or paste `npm run -s workbench -- slack manifest`, then reinstall the app.',
  };
}

async function checkPersona(
  persona: PersonaName,
  client: WebClient,
  own: SignedIn,
): Promise<{ checks: CheckView[]; member: Member | null }> {
  const name = `slack ${persona}`;
  const setting = `SLACK_TOKEN_${persona.toUpperCase()}`;
  const found = await signIn(client, setting);
  if (!found.ok) return { checks: [{ name, state: 'missing', detail: found.reason, fix: found.fix }], member: null };
  if (found.team.id !== own.team.id) {
    const detail = `${setting} is for ${found.team.name}, and the app is in ${own.team.name}.`;
    const fix = 'Install both in one workspace.';
    return { checks: [{ name, state: 'missing', detail, fix }], member: null };
  }
  const member = { userId: found.userId, name: found.userName };
  if (found.scopes !== null && !personaScopes.every((scope) => found.scopes?.includes(scope))) {
    return { checks: [checkScopes(name, found.scopes, personaScopes)], member };
  }
  const detail = `@${found.userName} is a member of their own.`;
  return { checks: [{ name, state: 'ok', detail, fix: null }], member };
}

/** null when Slack does not say, as without users:read; that permission has a line of its own. */
async function appIdOf(client: WebClient, { botId }: SignedIn): Promise<string | null> {
  try {
    const { bot } = await client.bots.info({ bot: botId });
    return bot?.app_id ?? null;
  } catch (error) {
    callFaultOf(error);
    return null;
  }
}
