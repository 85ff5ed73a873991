import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOptions } from '#bots/slack/client-options.ts';
import { silent } from '#bots/slack/checks/check-slack.ts';
import { createGroups } from '#bots/slack/people/create-groups.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import type { StandInSlack } from '#test/support/slack/start-slack.ts';

let slack: StandInSlack<'ana' | 'ben' | 'eve', 'workbench' | 'poor', 'ideas'>;
let kept: Map<string, string>;
let group: string;

beforeEach(async () => {
  slack = await startSlack({
    people: { ana: {}, ben: {}, eve: {} },
    apps: { workbench: {}, poor: { withoutScopes: ['usergroups:read'] } },
    channels: { ideas: {} },
    groups: { leads: { people: ['ana', 'ben'] } },
  });
  kept = new Map();
  group = `slack:${slack.groups['leads']}`;
});
afterEach(() => slack.close());

function groupsOf(app: 'workbench' | 'poor' = 'workbench') {
  const options = clientOptions({ apiUrl: slack.url }, { timeoutMs: 2_000, logger: silent });
  const client = new WebClient(slack.apps[app].botToken, options);
  return createGroups({ client, kept: { remember: async (actor, name) => void kept.set(actor, name) } });
}

const idOf = (person: 'ana' | 'ben' | 'eve') => `slack:${slack.people[person].id}`;

describe('a user group of Slack', () => {
  it('is read anew each time, and its handle is remembered for people to read', async () => {
    const groups = groupsOf();
    expect(await groups.members(group)).toEqual([idOf('ana'), idOf('ben')]);
    slack.setGroup('leads', ['eve']);
    expect(await groups.members(group)).toEqual([idOf('eve')]);
    expect(kept).toEqual(new Map([[group, '@leads']]));
  });

  it('leaves out whoever left the workspace', async () => {
    slack.people.ben.leaveWorkspace();
    expect(await groupsOf().members(group)).toEqual([idOf('ana')]);
  });

  it('leaves out apps, which approve nothing', async () => {
    const [app] = [...slack.workspace.users.values()].filter(({ isBot }) => isBot);
    const found = slack.workspace.groups.get(slack.groups['leads'] ?? '');
    found?.userIds.push(app?.id ?? '');
    expect(await groupsOf().members(group)).toEqual([idOf('ana'), idOf('ben')]);
  });

  const unreadable = (reason: RegExp, fix: RegExp) => ({
    code: 'group-unreadable',
    message: expect.stringMatching(reason),
    fix: expect.stringMatching(fix),
  });

  it('is never guessed when the app may not read it', async () => {
    await expect(groupsOf('poor').members(group)).rejects.toMatchObject(
      unreadable(/may not read it \(usergroups:read\)/, /Add usergroups:read/),
    );
  });

  it('is never guessed when it was disabled, or never was', async () => {
    await expect(groupsOf().members('slack:S0NOBODY')).rejects.toMatchObject(unreadable(/not in this work/, /another/));
    slack.disableGroup('leads');
    await expect(groupsOf().members(group)).rejects.toMatchObject(unreadable(/was disabled/, /Enable it/));
  });

  it.each(['usergroups.list', 'usergroups.users.list', 'users.info'])(
    'is never guessed when Slack does not answer %s, and is read again afterwards',
    async (method) => {
      const groups = groupsOf();
      slack.setGroup('leads', ['ana']);
      slack.faults.rateLimit(method, 30);
      await expect(groups.members(group)).rejects.toMatchObject(unreadable(/asks to wait/, /again/));
      slack.faults.cut(method);
      await expect(groups.members(group)).rejects.toMatchObject(unreadable(/does not answer/, /slack\.com/));
      expect(await groups.members(group)).toHaveLength(1);
    },
  );

  it('may not be a crowd', async () => {
    const found = slack.workspace.groups.get(slack.groups['leads'] ?? '');
    found?.userIds.push(...Array.from({ length: 50 }, (_, at) => `U0NEW${at}`));
    await expect(groupsOf().members(group)).rejects.toMatchObject(unreadable(/more than 50/, /smaller/));
  });
});
