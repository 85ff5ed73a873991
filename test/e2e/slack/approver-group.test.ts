import { describe, expect, it } from 'vitest';
import { workingClone } from '#test/support/repository.ts';
import { E2E_TIMEOUT_MS } from '../support/runs.ts';
import { nodeProject } from '../support/talk.ts';
import { openSlackTeam } from './slack-team.ts';
import { DRAFT, REQUEST } from './talk.ts';

/** As the stand-in names the group `leads`, whose only member is Ben. */
const LEADS = 'S00000LEADS';

describe('a user group that approves', { timeout: E2E_TIMEOUT_MS }, () => {
  it('is called as a group, and asked about at the press and again at the merge (C07, A18)', async () => {
    const team = await openSlackTeam({ APPROVERS: `slack:${LEADS}` });
    const { slack, settle, told } = team;
    const { ana, ben, cleo } = slack.people;
    expect(slack.groups['leads']).toBe(LEADS);
    const repository = workingClone(nodeProject);
    const before = repository.head('main');
    await ben.command('ideas', `/workbench bind ${repository.path}`);
    await settle();
    await ben.submit({});
    await settle();
    const idea = ana.say('ideas', REQUEST);
    ben.say('ideas', DRAFT, { thread: idea });
    ana.say('ideas', 'Perfect, that is what we need. @tess please build it.', { thread: idea });
    await settle();
    await ana.press(slack.find('ideas', 'Commit to sprint'), 'Commit to sprint');
    await team.untilTask('in-review');
    await team.until('Please decide on');
    const card = () => slack.find('ideas', 'Please decide on');
    expect(card().text).toContain(`<!subteam^${LEADS}>`);

    await cleo.press(card(), 'Approve');
    await settle();
    expect(told('cleo').at(-1)).toContain('Ask the group @leads.');

    let asked = 0;
    slack.faults.error('usergroups.users.list', 'missing_scope', { when: () => (asked += 1) > 1 });
    const first = card();
    await ben.press(first, 'Approve');
    await team.until('void: the approver is not known to be one any more');
    expect(asked).toBeGreaterThan(1);
    expect(repository.head('main')).toBe(before);

    await team.untilTask('in-review');
    await team.until('Please decide on');
    expect(card().ts).not.toBe(first.ts);
    await ben.press(card(), 'Approve');
    const { mergedSha } = await team.untilTask('merged');
    expect(repository.head('main')).toBe(mergedSha);
  });
});
