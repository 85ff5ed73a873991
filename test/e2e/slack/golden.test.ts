import { describe, expect, it } from 'vitest';
import { expectReplaysAlike } from '#test/support/replays-alike.ts';
import { workingClone } from '#test/support/repository.ts';
import type { TestRepository } from '#test/support/repository.ts';
import { startTeam } from '../support/model-runs.ts';
import { E2E_TIMEOUT_MS } from '../support/runs.ts';
import { nodeProject } from '../support/talk.ts';
import { openSlackTeam } from './slack-team.ts';
import type { SlackTeam } from './slack-team.ts';
import { DRAFT, REQUEST, source } from './talk.ts';
import { keepTranscript } from './transcript.ts';
import type { Transcript } from './transcript.ts';

/**
 * Whole conversations in Slack: what stands in `golden/` is what people see. After a change of words
 * run this with `GOLDEN=write`, and read what changed from top to bottom before it is committed.
 */
describe('a whole conversation in Slack', { timeout: E2E_TIMEOUT_MS }, () => {
  it('goes from two people and their code to exactly the commit that the approver was shown (I10)', async () => {
    const { team, kept, repository } = await begin();
    const { slack, settle, untilTask } = team;
    const { ana, ben } = slack.people;
    await talk(team);
    kept.moment('Ana has called Tess');
    await ana.press(slack.find('ideas', 'Commit to sprint'), 'Commit to sprint');
    const { headSha } = await untilTask('in-review');
    await team.until('Please decide on');
    kept.moment('Ben is asked');

    const card = slack.find('ideas', 'Please decide on');
    expect(slack.read(card)).toContain(`exactly ${headSha?.slice(0, 7)}`);
    expect(calls(team, ben.id)).toHaveLength(1);
    await ana.press(card, 'Approve');
    await settle();
    await ben.press(card, 'View diff');
    await settle();
    await ben.press(card, 'Approve');
    const { mergedSha } = await untilTask('merged');
    await team.until('Noted for later');
    kept.moment('Ben has looked at it and approved');

    expect(repository.head('main')).toBe(mergedSha);
    expect(repository.git('rev-parse', 'main^2').trim()).toBe(headSha);
    const [diff] = [...slack.workspace.files.values()].filter(({ name }) => name.endsWith('.diff'));
    expect(diff?.content.toString()).toBe(repository.git('diff', '--full-index', 'main^1', 'main'));
    expect(calls(team, ben.id)).toHaveLength(1);
    kept.expectGolden('approved');
    await expectReplaysAlike(team.workbench.unitOfWork);
  });

  it('takes changes that were asked for, and leaves alone what is rejected then', async () => {
    const { team, kept, repository } = await begin();
    const { slack, settle, untilTask } = team;
    const { ana, ben } = slack.people;
    const before = repository.head('main');
    await talk(team);
    await ana.press(slack.find('ideas', 'Commit to sprint'), 'Commit to sprint');
    await untilTask('in-review');
    await team.until('Please decide on');
    await ben.press(slack.find('ideas', 'Please decide on'), 'Request changes');
    await settle();
    const asked = ben.modal();
    kept.shown('Ben', asked === null ? '' : slack.read(asked));
    await ben.submit({ 'What should change?': 'Number first, please: 2 * n.' });
    await team.until('asked for changes');
    kept.moment('Ben has asked for changes');

    const status = slack.find('ideas', 'Task 1 ·');
    ana.say('ideas', `Sure:\n${source('2 * n')}`, { thread: status });
    await team.until('Please decide on');
    await untilTask('in-review');
    kept.moment('Ana has pasted what Ben wants');
    await ben.press(slack.find('ideas', 'Please decide on'), 'Reject');
    await settle();
    const reject = ben.modal();
    kept.shown('Ben', reject === null ? '' : slack.read(reject));
    await ben.submit({ 'Why? (optional)': 'We do not need it any more.' });
    await untilTask('rejected');
    await team.until('Rejected by Ben');
    kept.moment('Ben has rejected it');
    expect(repository.head('main')).toBe(before);
    kept.expectGolden('rejected');
    await expectReplaysAlike(team.workbench.unitOfWork);
  });

  it('goes from words alone to a merge when a model may write', async () => {
    const model = await startTeam();
    const { team, kept, repository } = await begin(model.env);
    const { slack, untilTask } = team;
    const { ana, ben } = slack.people;
    ana.say('ideas', `@tess ${REQUEST}`);
    await team.until('Ollan writes it');
    await team.until('A model read this too');
    kept.moment('Ana has called Tess');
    await ana.press(slack.find('ideas', 'Ollan writes it'), 'Commit it; Ollan writes it');
    const { headSha } = await untilTask('in-review');
    await team.until('Please decide on');
    kept.moment('Ben is asked');
    await ben.press(slack.find('ideas', 'Please decide on'), 'Approve');
    const { mergedSha } = await untilTask('merged');
    await team.until('Noted for later');
    kept.moment('Ben has approved');
    expect(repository.head('main')).toBe(mergedSha);
    expect(repository.git('rev-parse', 'main^2').trim()).toBe(headSha);
    kept.expectGolden('written');
    await expectReplaysAlike(team.workbench.unitOfWork);
  });
});

async function begin(
  env: Readonly<Record<string, string>> = {},
): Promise<{ team: SlackTeam; kept: Transcript; repository: TestRepository }> {
  const team = await openSlackTeam(env);
  const repository = workingClone(nodeProject);
  const kept = keepTranscript(team, repository.path);
  const { ben } = team.slack.people;
  await ben.command('ideas', `/workbench bind ${repository.path}`);
  await team.settle();
  await ben.submit({});
  await team.settle();
  return { team, kept, repository };
}

/** They talk between themselves first; then one of them calls. */
async function talk({ slack, settle }: SlackTeam): Promise<void> {
  const { ana, ben } = slack.people;
  const idea = ana.say('ideas', REQUEST);
  ben.say('ideas', DRAFT, { thread: idea });
  await settle();
  expect(slack.replies(idea)).toHaveLength(1);
  ana.say('ideas', 'Perfect, that is what we need. @tess please build it.', { thread: idea });
  await settle();
}

/** Posts of ours that call this person; an edit calls nobody. */
function calls({ slack }: SlackTeam, userId: string) {
  return slack.callsTo('chat.postMessage').filter(({ args }) => String(args.text).includes(`<@${userId}>`));
}
