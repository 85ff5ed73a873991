import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '#src/config.ts';
import { namesOfSlack } from '#src/compose/slack.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import type { StandInSlack } from '#test/support/slack/start-slack.ts';

let slack: StandInSlack<'ana' | 'ben', 'workbench', 'ideas'>;
let kept: Map<string, string>;
let nowMs: number;

beforeEach(async () => {
  slack = await startSlack({
    people: { ana: { displayName: 'Ana' }, ben: { displayName: 'Ben' } },
    apps: { workbench: {} },
    channels: { ideas: {} },
  });
  kept = new Map();
  nowMs = Date.parse('2026-11-21T10:00:00.000Z');
});
afterEach(() => slack.close());

function names() {
  const { botToken, appToken } = slack.apps.workbench;
  const settings = { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_API_URL: slack.url };
  const store = {
    remember: async (actor: string, name: string) => void kept.set(actor, name),
    names: async (actors: readonly string[]) => new Map([...kept].filter(([actor]) => actors.includes(actor))),
  };
  return namesOfSlack(loadConfig(settings, '/').slack, store, { now: () => new Date(nowMs) });
}

const ben = () => `slack:${slack.people.ben.id}`;
const asked = () => slack.callsTo('users.info').length;

describe('the name of a person who never spoke here', () => {
  it('is asked of Slack once, and kept for every surface', async () => {
    const found = await names().names([ben(), 'local', 'github:ada', 'slack:S0LEADS']);
    expect(found).toEqual(new Map([[ben(), 'Ben']]));
    expect(kept).toEqual(new Map([[ben(), 'Ben']]));
    expect(await names().names([ben()])).toEqual(found);
    expect(asked()).toBe(1);
  });

  it('stays open where Slack does not tell, and is asked for again after a while', async () => {
    const people = names();
    const nobody = 'slack:U0NOBODY';
    expect(await people.names([nobody])).toEqual(new Map());
    expect(await people.names([nobody])).toEqual(new Map());
    expect(asked()).toBe(1);
    nowMs += 61_000;
    expect(await people.names([nobody])).toEqual(new Map());
    expect(asked()).toBe(2);
  });

  it('is what was kept where Slack is not set up', async () => {
    const store = { remember: async () => {}, names: async () => new Map([['slack:U0ADA', 'Ada']]) };
    expect(namesOfSlack(null, store, { now: () => new Date(nowMs) })).toBe(store);
  });
});
