import { describe, expect, it } from 'vitest';
import { E2E_TIMEOUT_MS } from '../support/runs.ts';
import { openSlackTeam } from './slack-team.ts';

describe('an approver who never spoke here', { timeout: E2E_TIMEOUT_MS }, () => {
  it('is named to whoever has to ask them', async () => {
    const { slack, settle, told } = await openSlackTeam();
    const { ana, ben } = slack.people;
    await ana.command('ideas', '/workbench halt');
    await settle();
    await ana.command('ideas', '/workbench resume all');
    await settle();
    const shown = [...told('ana'), slack.transcript('ideas')].join('\n');
    expect(shown).toContain('Ask Ben');
    expect(shown).not.toContain(ben.id);
  });
});
