import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Front, openFront } from '#test/desk/front.ts';
import { inReview, inSlack } from './in-slack.ts';

const TIMEOUT_MS = 120_000;

let front: Front;
beforeEach(async () => {
  front = await openFront();
}, TIMEOUT_MS);
afterEach(() => front.close());

describe('the Home tab', { timeout: TIMEOUT_MS }, () => {
  it('shows what waits for me first, then for others, then the open tasks of each project, each with the way there', async () => {
    const { slack, settle, ana, ben, card, events } = await inReview(front);
    await askFor(`slack:${ana.id}, slack:S0LEADS`);
    ana.openHome();
    await settle();
    const home = ana.home();
    if (home === null) throw new Error('nothing was shown');
    const lines = slack.read(home).split('\n');
    const at = (words: string) => lines.findIndex((line) => line.includes(words));
    expect(at('Waits for you')).toBe(0);
    expect(at('decide on its review')).toBe(1);
    expect(at('Waits for others')).toBe(-1);
    expect(at('Greetings')).toBeGreaterThan(1);
    expect(at('/srv/greetings')).toBeGreaterThan(at('Greetings'));
    expect(lines.filter((line) => line.includes('be greeted by name'))).toHaveLength(2);
    const status = card().threadTs ?? '';
    expect(JSON.stringify(home.view)).toContain(`/archives/${slack.channels.ideas}/p${status.replace('.', '')}`);

    await front.tools.people.remember('slack:S0LEADS', '@leads');
    ben.openHome();
    await settle();
    expect(slack.read(ben.home() ?? unshown())).toMatch(
      /^.*Waits for you.*\n.*Nothing waits for you\.\n.*Waits for others.*\n.*decide on its review · for [Aa]na, @leads/,
    );
    expect(JSON.stringify(ben.home()?.view)).toContain(`/p${status.replace('.', '')}`);

    await ana.press(card(), 'Approve');
    await settle();
    expect(await events('approval.granted')).toHaveLength(1);
    ana.openHome();
    await settle();
    expect(slack.read(ana.home() ?? home)).toContain('Nothing waits for you.');
    await slack.close();
  });

  it('changes nothing by being opened: no fact, no task, no post (C08)', async () => {
    const { slack, settle, ana } = await inReview(front);
    const { ledger, tables } = front.tools.unitOfWork;
    const kept = async () => [
      await ledger.head(),
      await tables.find('story_tasks', {}),
      await tables.find('approvals', {}),
    ];
    const posts = () => slack.callsTo('chat.postMessage').length + slack.callsTo('chat.update').length;
    await settle();
    const [before, said] = [await kept(), posts()];
    ana.openHome();
    await settle();
    expect(ana.home()).not.toBeNull();
    expect(await kept()).toEqual(before);
    expect(posts()).toBe(said);
    await slack.close();
  });

  it('stays within what Slack takes however much there is, and says how to begin when there is nothing', async () => {
    const { slack, settle, ana } = await inSlack(front);
    const long = 'Greet everybody who comes by, in every language that they may speak. '.repeat(10);
    const thread = { kind: 'task' as const, id: 'none' };
    const project = { id: 'p', name: long, active: true, repository: null };
    const { desk } = front;
    desk.overview = async () => ({
      waiting: Array.from({ length: 100 }, (_, at) => ({
        text: long,
        thread,
        since: '',
        isMine: at < 50,
        whom: ['Ben'],
      })),
      projects: Array.from({ length: 60 }, () => project),
    });
    const task = { taskId: 't', conversationId: 'c', number: 1, title: long, state: 'ready', paused: false };
    const tasks = Array.from({ length: 40 }, () => ({ ...task, waitingKind: null, waitingText: null }));
    desk.project = async () => ({ ...project, ideas: [], tasks, sprint: null });
    ana.openHome();
    await settle();
    const home = ana.home();
    expect(slack.callsTo('views.publish').map(({ answer }) => answer)).toMatchObject([{ ok: true }]);
    expect(slack.read(home ?? unshown())).toContain('and 30 more');
    expect(slack.read(home ?? unshown())).toContain('And 40 more projects.');

    desk.overview = async () => ({ waiting: [], projects: [] });
    ana.openHome();
    await settle();
    expect(slack.read(ana.home() ?? unshown())).toContain('Type /workbench bind in a channel');
    await slack.close();
  });
});

/** Whom the open review waits for; the fake line asks Grace and Linus. */
async function askFor(waitsFor: string): Promise<void> {
  await front.store.orm.em
    .fork()
    .getConnection()
    .execute("UPDATE story_tasks SET waiting_who = ? WHERE waiting_kind = 'approval'", [waitsFor]);
}

function unshown(): never {
  throw new Error('nothing was shown');
}
