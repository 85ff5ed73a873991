import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { haltWordIn } from '#src/desk/halt-words.ts';
import { isCommandOrAside } from '#src/desk/say.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import type { Groups } from '#src/ports/groups.ts';
import { FactoryError } from '#src/errors.ts';
import { type Front, openFront, wordsOf } from './front.ts';

let front: Front;
let channel: ThreadRef;
let other: ThreadRef;
beforeAll(async () => {
  front = await openFront();
  channel = { kind: 'project', id: await front.project() };
  other = { kind: 'project', id: await front.project() };
});
afterAll(() => front.close());
beforeEach(async () => {
  front.approvers = ['grace', 'linus'];
  await front.say('grace', channel, 'resume all');
});

const facts = () => front.tools.unitOfWork.ledger.stream('factory');
const isHalted = async () => (await front.desk.overview('ada')).halt !== undefined;

describe('halt and resume all, in words (C28)', () => {
  it('are heard from anybody who may speak, in any thread; only an approver lets it go on', async () => {
    const idea: ThreadRef = { kind: 'idea', id: await front.talk(channel.id) };
    expect(await front.say('ada', idea, '@Tess, /halt: the bill is odd')).toMatchObject({ ok: true });
    expect((await front.desk.overview('ada')).halt).toMatchObject({ by: 'ada', reason: 'the bill is odd' });

    const refused = await front.say('ada', idea, 'resume all');
    expect(refused.ok).toBe(false);
    expect(refused.text).toContain('Only an approver may resume the factory, and ada is none. Ask grace or linus.');
    expect(await isHalted()).toBe(true);
    expect(await front.say('linus', idea, 'Resume all.')).toEqual({
      ok: true,
      text: 'The factory goes on where it stood.',
    });
    expect(await isHalted()).toBe(false);
  });

  it('answer what became of the credentials that were in use', async () => {
    front.takenBack = 'Its tokens of GitHub are revoked.';
    const { text } = await front.say('ada', channel, 'halt');
    front.takenBack = null;
    expect(text).toContain('No work begins from here on. Its tokens of GitHub are revoked.');
  });

  it('let no persona resume, whatever the list of approvers says, and nobody where it is empty or unreadable', async () => {
    await front.say('ada', channel, 'halt');
    front.approvers = ['vera', 'persona:tess', 'factory'];
    for (const actor of front.approvers) {
      const { ok, text } = await front.say(actor, channel, 'resume all');
      expect([ok, text]).toEqual([false, expect.stringContaining(`${actor} is no person`)]);
    }
    front.approvers = [];
    expect((await front.say('grace', channel, 'resume all')).text).toContain('the list is empty');
    front.approvers = ['slack:S0LEADS'];
    const groups: Groups = {
      members: async () => {
        throw new FactoryError('group-unreadable', 'The group could not be read.', { fix: 'Try again.' });
      },
    };
    const before = front.groups;
    front.groups = groups;
    expect(await front.say('grace', channel, 'resume all')).toMatchObject({ ok: false });
    front.groups = before;
    expect(await isHalted()).toBe(true);
  });

  it('say once who asks again that it stands, and count once however often they are delivered', async () => {
    const before = (await facts()).length;
    const said = await Promise.all(['ada', 'ben'].map((actor) => front.say(actor, channel, 'halt')));
    expect(said.filter(({ text }) => text?.includes('halted the factory already.'))).toHaveLength(1);
    expect((await facts()).slice(before)).toHaveLength(1);
    await front.desk.controlAll('ada', { type: 'resume' }, 'm1');
    await front.desk.controlAll('grace', { type: 'resume' }, 'm2');
    expect(await front.say('grace', channel, 'resume all')).toEqual({ ok: true, text: 'The factory is not halted.' });
    expect((await facts()).slice(before)).toHaveLength(2);
  });

  it('are one notice in the channel of each project, which ends with who let it go on', async () => {
    await front.say('ada', channel, 'halt because the bill is odd');
    const seq = (await facts()).at(-1)?.seq;
    const at = ((await facts()).at(-1)?.at ?? '').slice(0, 16).replace('T', ' ');
    await front.mirror();
    for (const { id } of [channel, other]) {
      const notice = await front.post(`halt:${seq}:${id}`);
      expect(notice.card.lead).toBe('ada halted the factory: nothing works, and nothing is merged.');
      expect(wordsOf(notice)).toContain(`${at} UTC`);
      expect(wordsOf(notice)).toContain('the bill is odd');
      expect(wordsOf(notice)).toContain('An approver lets it go on with `resume all`');
    }
    const later: ThreadRef = { kind: 'project', id: await front.project() };
    await front.say('linus', channel, 'resume all');
    await front.mirror();
    const notice = await front.post(`halt:${seq}:${other.id}`);
    expect(notice.version).toBe(2);
    expect(notice.card.outcome).toMatch(/^linus let it go on at .* UTC\.$/);
    expect((await front.tools.posts.thread(later)).filter(({ key }) => key.startsWith('halt:'))).toEqual([]);
  });

  it('are whole words: talk about halting is talk', () => {
    for (const text of ['halt', '/halt', 'Halt!', 'tess halt all', 'halt: odd', 'resume all', '/resume all'])
      expect([text, haltWordIn(text) !== null, isCommandOrAside(text)]).toEqual([text, true, true]);
    for (const text of ['we should halt', 'halt and catch fire', 'resume', 'resume all of it', 'stop', 'halting: no'])
      expect([text, haltWordIn(text)]).toEqual([text, null]);
  });
});
