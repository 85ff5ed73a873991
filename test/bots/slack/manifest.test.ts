import { globSync, readFileSync } from 'node:fs';
import type { App } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { handlers } from '#bots/slack/handlers/all.ts';
import { appManifest, personaManifest, type AppManifestOptions } from '#bots/slack/manifest/app-manifest.ts';
import { slashCommand } from '#bots/slack/manifest/commands.ts';
import { eventReasons } from '#bots/slack/manifest/events.ts';
import { appLevelMethods, methodScopes } from '#bots/slack/manifest/methods.ts';
import { readRequestUrl } from '#bots/slack/manifest/request-url.ts';
import { botScopes, scopeReasons } from '#bots/slack/manifest/scopes.ts';
import type { SlackTools } from '#bots/slack/slack-tools.ts';
import { creationLink, writeManifest } from '#bots/slack/manifest/write-manifest.ts';
import { slackCommand } from '#src/commands/slack.ts';
import { loadConfig } from '#src/config.ts';
import { isCommandOrAside } from '#src/desk/say.ts';
import { personaNames } from '#src/ports/personas.ts';

const build = (options: Partial<AppManifestOptions> = {}) =>
  appManifest({ requestUrl: null, commandPrefix: '', agent: true, ...options });

async function run(words: string, env: Record<string, string> = {}, json = false) {
  const host = { cwd: '/srv', npmProgram: null, registryHost: null, path: null, env };
  const config = loadConfig(env, '/srv');
  return slackCommand.run({ argv: words.split(' '), config, cwd: '/srv', host, json });
}

const client = new WebClient();

/** The client's own `chat.postMessage` and the like; undefined for what it does not have. */
const ofClient = (method: string) =>
  method.split('.').reduce<unknown>((part, name) => (part as Record<string, unknown> | undefined)?.[name], client);

/** Methods of the Web API that the code of this surface calls, each with a file that does. */
function methodsCalled(): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of globSync('bots/slack/**/*.ts')) {
    const text = readFileSync(file, 'utf8');
    for (const [, method = ''] of text.matchAll(/\b([a-z]+(?:\.[a-zA-Z]+)+)\(/g)) {
      const words = method.split('.');
      const names = words.map((_word, at) => words.slice(at).join('.'));
      const called = names.find((name) => name.includes('.') && typeof ofClient(name) === 'function');
      if (called !== undefined) found.set(called, file);
    }
    for (const [, method = ''] of text.matchAll(/\b(?:apiCall|paginate)\('([^']+)'/g)) found.set(method, file);
  }
  return found;
}

describe('events of the Slack app', () => {
  it('are each heard by a handler, and none is heard that is not asked for', () => {
    const heard = new Set<string>();
    const app = new Proxy({} as App, {
      get: (_app, kind) => (name: unknown) => void (kind === 'event' && heard.add(String(name))),
    });
    const tools = { commandName: (name: string) => name, workspace: { ownUserIds: new Set() } };
    for (const listen of handlers) listen(app, tools as unknown as SlackTools);
    const asked = Object.keys(eventReasons).map((name) => name.replace(/\..*/, ''));
    expect([...heard].toSorted()).toEqual([...new Set(asked)].toSorted());
  });
});

describe('permissions of the Slack app', () => {
  it('cover every method of the Web API that the code calls', () => {
    const known: readonly string[] = [...Object.keys(methodScopes), ...appLevelMethods];
    const unknown = [...methodsCalled()].filter(([method]) => !known.includes(method));
    expect(unknown).toEqual([]);
    expect([...methodsCalled().keys()]).toContain('auth.test');
  });

  it('are listed for methods that the client has', () => {
    for (const method of [...Object.keys(methodScopes), ...appLevelMethods])
      expect(typeof ofClient(method), method).toBe('function');
  });

  it('are each needed by a method, an event or a feature', () => {
    const needed = new Set<string>(['commands']);
    for (const { scopes } of Object.values(eventReasons)) for (const scope of scopes) needed.add(scope);
    for (const scopes of Object.values(methodScopes)) for (const scope of scopes) needed.add(scope);
    expect(Object.keys(scopeReasons).filter((scope) => !needed.has(scope))).toEqual([]);
    expect([...needed].filter((scope) => !(scope in scopeReasons))).toEqual([]);
  });

  it.each([
    ...Object.entries(scopeReasons),
    ...Object.entries(eventReasons).map(([name, { reason }]) => [name, reason]),
  ])('have a reason in one plain sentence: %s', (_name, reason) => {
    expect(reason).toMatch(/^[A-Z][^.]+\.$/);
    expect(String(reason).length).toBeLessThan(120);
  });

  it('leave out what only an agent may ask for', () => {
    expect(botScopes({ agent: true })).toContain('assistant:write');
    expect(botScopes({ agent: false })).not.toContain('assistant:write');
    const plain = build({ agent: false });
    expect(plain.features).not.toHaveProperty('agent_view');
    expect(plain.settings?.event_subscriptions?.bot_events).not.toContain('agent_session_stopped');
  });

  it('let a persona of its own write and nothing else', () => {
    for (const name of personaNames) {
      const { oauth_config: oauth, settings, features } = personaManifest(name);
      expect(oauth?.scopes).toEqual({ bot: ['chat:write'] });
      expect(settings).not.toHaveProperty('event_subscriptions');
      expect(features?.bot_user?.display_name.toLowerCase()).toBe(name);
    }
  });
});

describe('the Slack manifest', () => {
  it('is whole: events, commands, shortcut, buttons, Home tab and Socket Mode', () => {
    const { features, settings } = build();
    expect(features?.slash_commands?.map(({ command }) => command)).toEqual([
      '/workbench',
      '/sprint',
      '/idea',
      '/backlog',
      '/retro',
      '/halt',
    ]);
    expect(features?.shortcuts).toMatchObject([{ type: 'message', name: 'Ingest this thread' }]);
    expect(features?.app_home).toMatchObject({ home_tab_enabled: true, messages_tab_read_only_enabled: false });
    expect(settings).toMatchObject({ socket_mode_enabled: true, interactivity: { is_enabled: true } });
    expect(JSON.stringify(build())).not.toContain('url');
    const events = [
      'app_mention',
      'message.channels',
      'message.groups',
      'message.im',
      'message.mpim',
      'reaction_added',
    ];
    expect(settings?.event_subscriptions?.bot_events).toEqual(
      expect.arrayContaining([...events, 'app_home_opened', 'tokens_revoked', 'agent_session_stopped']),
    );
  });

  it('names one address for all requests over HTTP', () => {
    const { features, settings } = build({ requestUrl: 'https://bot.example.com/slack/events' });
    const urls = [
      settings?.event_subscriptions?.request_url,
      settings?.interactivity?.request_url,
      ...(features?.slash_commands ?? []).map(({ url }) => url),
    ];
    expect(new Set(urls)).toEqual(new Set(['https://bot.example.com/slack/events']));
    expect(settings?.socket_mode_enabled).toBe(false);
  });

  it.each([
    ['https://bot.example.com', 'https://bot.example.com/slack/events'],
    ['https://bot.example.com:8443/in/slack', 'https://bot.example.com:8443/in/slack'],
  ])('reads the address %s as %s', (given, read) => {
    expect(readRequestUrl(given)).toBe(read);
  });

  it.each(['http://bot.example.com', 'bot.example.com', 'https://bot.example.com/?team=1', ''])(
    'refuses an address that Slack would not send to: "%s"',
    (given) => {
      expect(() => readRequestUrl(given)).toThrow(/no address/);
    },
  );

  it('puts a prefix before every command', () => {
    const commands = build({ commandPrefix: 'fw-' }).features?.slash_commands ?? [];
    expect(commands.every(({ command }) => command.startsWith('/fw-'))).toBe(true);
    expect(slashCommand('sprint', 'fw-')).toBe('/fw-sprint');
    expect(slashCommand('idea', '')).toBe('/idea');
  });

  it('hints only at words that are heard', () => {
    /** Heard by the surface itself; the others are the desk's. */
    const own = ['help', 'bind', 'unbind', 'listen all', 'idea …'];
    const hinted = (build().features?.slash_commands ?? []).flatMap(({ command, usage_hint: hint }) => {
      const words = (hint ?? '').split(' | ').map((word) => word.replace('start …', 'start Greet everybody'));
      if (command === '/workbench') return words.filter((word) => !own.includes(word));
      return command === '/idea' ? [] : words.map((word) => `${command.slice(1)} ${word}`.trim());
    });
    expect(hinted).toEqual(
      expect.arrayContaining(['sprint plan', 'sprint start Greet everybody', 'sprint close', 'run']),
    );
    expect(hinted.filter((words) => !isCommandOrAside(words))).toEqual([]);
  });

  it.each([build(), build({ commandPrefix: 'twenty-letters-long1' }), ...personaNames.map(personaManifest)])(
    'keeps within the lengths that Slack allows (%#)',
    ({ display_information: display, features }) => {
      expect(display.name.length).toBeLessThanOrEqual(35);
      expect(display.description?.length).toBeLessThanOrEqual(140);
      const long = display.long_description;
      // Slack's page refuses fewer than 175, which its reference does not say for every version.
      if (long !== undefined) expect([long.length >= 175, long.length <= 4000]).toEqual([true, true]);
      expect(display.background_color).toMatch(/^#[0-9a-f]{6}$/);
      for (const { command, description, usage_hint: hint } of features?.slash_commands ?? []) {
        expect(command).toMatch(/^\/[a-z0-9_-]{1,31}$/);
        expect([description.length <= 2000, (hint ?? 'none').length <= 1000]).toEqual([true, true]);
      }
      for (const { name, description } of features?.shortcuts ?? []) {
        expect([name.length <= 24, description.length <= 150]).toEqual([true, true]);
      }
      expect((features?.agent_view?.agent_description ?? '').length).toBeLessThanOrEqual(300);
    },
  );
});

describe('workbench slack manifest', () => {
  it('prints YAML that is the manifest, with a reason behind every permission and event', async () => {
    const { lines } = await run('manifest');
    const text = lines.join('\n');
    expect(parse(text)).toEqual(build());
    for (const scope of botScopes({ agent: true })) expect(text).toContain(`- ${scope} # ${scopeReasons[scope]}`);
    for (const [event, { reason }] of Object.entries(eventReasons)) expect(text).toContain(`- ${event} # ${reason}`);
    expect(text).toMatch(/# .*for good\. Without it: slack manifest --no-agent\n\s+agent_view:/);
  });

  it('prints the manifest alone as JSON, which Slack takes as well', async () => {
    const { document, lines } = await run('manifest --no-agent', {}, true);
    expect([document, lines]).toEqual([build({ agent: false }), []]);
  });

  it('prints one document for each persona, with what to set', async () => {
    const { lines } = await run('manifest --personas');
    const documents = parseAllDocuments(lines.join('\n'));
    expect(documents.map((document) => document.toJS())).toEqual(personaNames.map(personaManifest));
    for (const name of personaNames) expect(lines.join('\n')).toContain(`SLACK_TOKEN_${name.toUpperCase()}`);
  });

  it('prints a link that fills the manifest in', async () => {
    const { lines } = await run('manifest --link');
    const link = new URL(lines[0] ?? '');
    expect(link.host).toBe('api.slack.com');
    expect(JSON.parse(link.searchParams.get('manifest_json') ?? '')).toEqual(build());
    expect(creationLink(build()).length).toBeLessThan(8_000);
  });

  it('takes the prefix from the settings, and says to set one that was typed', async () => {
    const env = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_COMMAND_PREFIX: 'fw-' };
    expect((await run('manifest', env)).lines.join('\n')).toContain('command: /fw-backlog');
    expect((await run('manifest --prefix ws-')).lines.join('\n')).toContain('# Set SLACK_COMMAND_PREFIX=ws- too.');
    await expect(run('manifest --prefix /ws')).rejects.toThrow(/cannot stand before/);
    await expect(run('scopes')).rejects.toThrow(/has no "scopes"/);
  });

  it('never prints a token', async () => {
    const env = { SLACK_BOT_TOKEN: 'xoxb-hunter2', SLACK_APP_TOKEN: 'xapp-hunter2', SLACK_TOKEN_VERA: 'xoxb-hunter3' };
    for (const words of ['manifest', 'manifest --personas', 'manifest --link'])
      expect(JSON.stringify(await run(words, env))).not.toContain('hunter');
  });

  it('writes comments that YAML can hold', () => {
    expect(parse(writeManifest(build(), ['one', 'two: # three']))).toEqual(build());
  });
});
