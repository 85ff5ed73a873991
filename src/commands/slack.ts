import { appManifest, personaManifest, type Manifest } from '#bots/slack/manifest/app-manifest.ts';
import { creationLink, writeManifest } from '#bots/slack/manifest/write-manifest.ts';
import { readRequestUrl } from '#bots/slack/manifest/request-url.ts';
import { FactoryError } from '#src/errors.ts';
import { personaNames } from '#src/ports/personas.ts';
import type { Command, CommandResult } from './command.ts';
import { parseWords } from './parse.ts';

const options = {
  link: { type: 'boolean' },
  personas: { type: 'boolean' },
  http: { type: 'string' },
  prefix: { type: 'string' },
  'no-agent': { type: 'boolean' },
} as const;

interface Named {
  name: string;
  manifest: Manifest;
  heading: string[];
}

export const slackCommand: Command = {
  name: 'slack',
  usage: 'slack manifest [--link] [--personas] [--http URL] [--prefix NAME] [--no-agent]',
  summary: 'What to create the Slack app from: YAML with a reason for each permission, or a link that fills it in.',
  async run({ argv, config, json }) {
    const { positionals, values } = parseWords(argv, this.usage, options, { min: 1, max: 1 });
    if (positionals[0] !== 'manifest')
      throw new FactoryError('usage', `Slack has no "${positionals[0]}" here.`, {
        fix: `Use: workbench ${this.usage}`,
      });
    const prefix = values.prefix ?? config.slack?.commandPrefix ?? '';
    const apps =
      values.personas === true
        ? personaNames.map(persona)
        : [theApp(values.http ?? null, readPrefix(prefix), values['no-agent'] !== true)];
    if (values.link === true) return links(apps);
    const [first] = apps;
    const document =
      values.personas === true
        ? Object.fromEntries(apps.map(({ name, manifest }) => [name, manifest]))
        : first?.manifest;
    const texts = json ? [] : apps.map(({ manifest, heading }) => writeManifest(manifest, heading).trimEnd());
    return { document, lines: texts.flatMap((text, at) => (at === 0 ? [text] : ['---', text])), exitCode: 0 };
  },
};

function theApp(http: string | null, commandPrefix: string, agent: boolean): Named {
  const requestUrl = http === null ? null : readRequestUrl(http);
  const heading = [
    'Factory Workbench. Paste this at https://api.slack.com/apps: Create New App, From a manifest.',
    'Then install it, and set SLACK_BOT_TOKEN to its Bot User OAuth Token (xoxb-...) and',
    requestUrl === null
      ? 'SLACK_APP_TOKEN to an app-level token (xapp-...) with connections:write, from Basic Information.'
      : 'SLACK_SIGNING_SECRET to the Signing Secret of Basic Information.',
    ...(commandPrefix === '' ? [] : [`Set SLACK_COMMAND_PREFIX=${commandPrefix} too.`]),
  ];
  return { name: 'workbench', manifest: appManifest({ requestUrl, commandPrefix, agent }), heading };
}

function persona(name: (typeof personaNames)[number]): Named {
  const heading = [
    `An app of ${personaManifest(name).display_information.name}'s own, one of six. Create it from this part alone, install it,`,
    `give it the drawing bots/slack/assets/${name}.png, and set SLACK_TOKEN_${name.toUpperCase()} to its bot token.`,
    ...(name === 'tess' ? ['The one app is called Tess too: give that one another name first, under App Home.'] : []),
  ];
  return { name, manifest: personaManifest(name), heading };
}

function links(apps: readonly Named[]): CommandResult {
  const found = apps.map(({ name, manifest }) => ({ name, link: creationLink(manifest) }));
  return {
    document: { links: Object.fromEntries(found.map(({ name, link }) => [name, link])) },
    lines: found.map(({ name, link }) => (found.length === 1 ? link : `${name}: ${link}`)),
    exitCode: 0,
  };
}

function readPrefix(prefix: string): string {
  if (/^$|^[a-z0-9][a-z0-9_-]{0,19}$/.test(prefix)) return prefix;
  throw new FactoryError('usage', `"${prefix}" cannot stand before a slash command.`, {
    fix: 'Use up to 20 small letters, digits, - and _, such as --prefix fw- for /fw-sprint.',
  });
}
