import { describe, expect, it } from 'vitest';
import { diagnose } from '#infra/doctor/diagnose.ts';
import { loadConfig } from '#src/config.ts';
import { noGroups } from '#src/ports/groups.ts';
import type { Groups } from '#src/ports/groups.ts';
import type { Sandbox } from '#src/ports/sandbox.ts';

async function approverLines(APPROVERS: string, groups: Groups): Promise<string[]> {
  const config = loadConfig({ APPROVERS }, '/srv');
  const sandbox = { kind: 'none' } as unknown as Sandbox;
  const database = { kind: 'embedded' as const, majorVersion: 18, superuser: false };
  const checks = await diagnose({ config, database, sandbox, groups });
  return checks
    .filter(({ name }) => name.startsWith('approvers'))
    .map(({ state, detail, fix }) => [state, detail, fix].join(' '));
}

describe('the doctor', () => {
  it('warns of a group of Slack where Slack is not set up', async () => {
    expect(await approverLines('local,slack:S0LEADS', noGroups)).toEqual([
      'ok local, slack:S0LEADS may approve. ',
      expect.stringMatching(/^warning Nobody can say who is in .* Slack is not set up\. Set SLACK_BOT_TOKEN/),
    ]);
  });

  it('says how many of a group may approve, and warns of an empty one', async () => {
    const members: string[] = [];
    const groups = { members: async () => members };
    expect((await approverLines('slack:S0LEADS', groups)).at(-1)).toMatch(/^warning Nobody is in the group/);
    members.push('slack:U0ADA', 'slack:U0BEN');
    expect((await approverLines('slack:S0LEADS', groups)).at(-1)).toMatch(/^ok 2 of the group/);
  });
});
