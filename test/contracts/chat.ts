import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';
import { createFakeLine, passOn } from '#test/code-factory/floor.ts';
import type { Stunt } from '#test/code-factory/floor.ts';
import { reviewStepCommands } from '#test/code-factory/life.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { decideReviewStep } from '#src/review/decide.ts';
import { type Front, openFront } from '#test/desk/front.ts';

export type PersonName = 'ana' | 'ben' | 'cleo';

/** A surface with three people in front of it, on a project that has a repository. Its desk and its data are real. */
export interface ChatHarness {
  people: Readonly<Record<PersonName, ChatPerson>>;
  /** Until everybody was answered, and sees it. */
  settle(): Promise<void>;
  /** What was said last comes once more, as when the surface is not sure that it came at all. */
  redeliver(): Promise<void>;
  close(): Promise<void>;
}

/** Where posts stand, as the surface names it. */
export interface ChatPlace {
  id: string;
}

/** One person at their screen. What they do is done when the call returns; what comes of it is there after `settle`. */
export interface ChatPerson {
  /** As the ledger has them. */
  actor: string;
  /** As others read it. */
  name: string;
  /** Their first words about something; answers where the conversation stands. */
  begin(words: string): Promise<ChatPlace>;
  say(place: ChatPlace, words: string): Promise<void>;
  /** Asks outside of every conversation, where the project is. */
  ask(words: string): Promise<void>;
  /** What the factory posted in a place, oldest first. */
  reads(place: ChatPlace): Promise<SeenPost[]>;
  /** Everything in the place, words of people too, as one text. */
  readsAll(place: ChatPlace): Promise<string>;
  /** Goes where the first link of a post leads. */
  follows(post: SeenPost): Promise<ChatPlace>;
  /** As the post was seen, though it may have changed. A question back is answered with yes, and with `input`. */
  presses(post: SeenPost, label: string, input?: string): Promise<void>;
  /** What stands behind a post, one press away. */
  opens(post: SeenPost): Promise<string>;
  /** The sentences behind the items of a post. */
  asksWhy(post: SeenPost): Promise<string>;
  /** What only they were told, oldest first. */
  told(): Promise<string[]>;
  /** How often something called them by name. */
  timesCalled(): Promise<number>;
  /** What in the posts of a place would act by itself or lead out: markup, addresses, calls to all. */
  findsAlive(place: ChatPlace): Promise<string[]>;
}

export interface SeenPost {
  id: string;
  /** A persona, or the factory. */
  by: string;
  text: string;
  /** Labels of what can be pressed. */
  buttons: readonly string[];
  /** As it was seen: what a press of it would send. */
  seen: unknown;
}

const CODE = '```js\n// src/greet.js\nexport function greet(name) {\n  return `Hello, ${name}`;\n}\n```';
const IDEA = `As a visitor I want to be greeted by name, so that I feel welcome. Write a function greet in src/greet.js:\n${CODE}`;

const TIMEOUT_MS = 120_000;

/** What every chat surface must do. `open` puts three people in front of a fresh one. */
export function describeChat(name: string, open: (front: Front, projectId: string) => Promise<ChatHarness>): void {
  describe(`${name} keeps the chat contract`, { timeout: TIMEOUT_MS }, () => {
    let front: Front;
    let chat: ChatHarness;
    let ana: ChatPerson;
    let ben: ChatPerson;
    let cleo: ChatPerson;
    beforeEach(async () => {
      front = await openFront();
      chat = await open(front, await front.project());
      ({ ana, ben, cleo } = chat.people);
      front.approvers = [ben.actor];
    }, TIMEOUT_MS);
    afterEach(async () => {
      await chat.close();
      await front.close();
    });

    const begun = async (words = IDEA): Promise<ChatPlace> => {
      const place = await ana.begin(words);
      await chat.settle();
      return place;
    };
    const committed = async (words = IDEA) => {
      const idea = await begun(words);
      await ana.presses(await find(ana, idea, 'can start'), 'Commit to sprint');
      await chat.settle();
      const task = await ana.follows(await find(ana, idea, '1 ·', 'Tess'));
      const [row] = await front.tools.unitOfWork.tables.find('story_tasks', {});
      return { idea, task, taskId: row?.id ?? '' };
    };
    const inReview = async (words = IDEA) => {
      const { idea, task, taskId } = await committed(words);
      await passOn(front.tools.unitOfWork, createFakeLine({ open: asking(ben.actor) }).steps)(taskId);
      await chat.settle();
      return { idea, task, taskId, card: await find(ben, task, 'Please decide on') };
    };
    const events = async (taskId: string, type: string) =>
      (await front.tools.unitOfWork.ledger.stream(`task:${taskId}`)).filter((event) => event.type === type);

    it('answers an idea where it stands, each persona under its own name', async () => {
      const idea = await begun();
      expect(await find(ana, idea, 'This is what I understood')).toMatchObject({ by: 'Piper' });
      const stories = await find(ben, idea, 'can start');
      expect(stories).toMatchObject({ by: 'Piper', buttons: expect.arrayContaining(['Commit to sprint']) });
      expect(occurrences(await ben.readsAll(idea), 'so that I feel welcome')).toBeGreaterThan(0);
      expect(await ana.told()).toEqual([]);
    });

    it('hears replies of everybody, and changes the canvas in place', async () => {
      const idea = await begun();
      const before = await find(ana, idea, 'This is what I understood');
      await ben.say(idea, 'It is for editors who write in three languages.');
      await chat.settle();
      const after = await find(ana, idea, 'This is what I understood');
      expect(after.id).toBe(before.id);
      expect(after.text).not.toBe(before.text);
      expect((await ana.reads(idea)).filter(({ text }) => text.includes('what I understood'))).toHaveLength(1);
    });

    it('takes a message in once, however often it comes (I2)', async () => {
      const idea = await begun();
      await ben.say(idea, 'It must say hello in French too.');
      await chat.settle();
      const before = await ana.readsAll(idea);
      await chat.redeliver();
      await chat.settle();
      expect(await ana.readsAll(idea)).toBe(before);
      const [conversation] = await keptTexts(front);
      expect(conversation?.filter((text) => text.includes('in French'))).toHaveLength(1);
    });

    it('keeps words that are an aside, and does not answer them', async () => {
      const idea = await begun();
      const before = (await ana.reads(idea)).map(({ text }) => text);
      await ben.say(idea, 'aside: is anybody up for lunch?');
      await chat.settle();
      expect((await ana.reads(idea)).map(({ text }) => text)).toEqual(before);
      expect(await ben.told()).toEqual([]);
    });

    it.each(['help', 'status', 'backlog', 'cost', 'canvas'])(
      'answers “%s” to the one who asks, and posts nothing',
      async (word) => {
        const idea = await begun();
        const before = (await ana.reads(idea)).length;
        await ben.say(idea, word);
        await ben.ask(word);
        await chat.settle();
        const told = await ben.told();
        expect(told).toHaveLength(2);
        for (const answer of told) expect(answer).toMatch(ANSWERS[word] ?? /./);
        expect(await ana.told()).toEqual([]);
        expect((await ana.reads(idea)).length).toBe(before);
      },
    );

    it('plans, starts and closes a sprint where people say so', async () => {
      const idea = await begun();
      await ben.say(idea, 'sprint start Greet everybody');
      await ben.say(idea, 'sprint plan');
      await chat.settle();
      expect((await ben.told()).at(-1)).toContain('Sprint 1 is open.');
      const plan = await find(ana, idea, 'Velocity', 'Tess');
      await ana.presses(plan, 'Commit to sprint');
      await chat.settle();
      await ana.say(idea, 'sprint close');
      await chat.settle();
      await ben.presses(await find(ben, idea, 'Close sprint 1?', 'Tess'), 'Close sprint 1');
      await chat.settle();
      const closed = await find(ana, idea, 'Close sprint 1?', 'Tess');
      expect([closed.text, closed.buttons]).toEqual([expect.stringContaining('Closed by'), []]);
      await ana.say(idea, 'status');
      await chat.settle();
      expect((await ana.told()).at(-1)).toContain('No sprint is open.');
    });

    it('learns what people tell, in the words of the approver who says yes', async () => {
      const idea = await begun();
      await ana.say(idea, 'remember: Greet in the language of the visitor.');
      await ana.say(idea, 'lessons');
      await chat.settle();
      const [waits] = await ana.told();
      expect(waits).toContain(`waits for a yes. Ask ${ben.name}.`);
      expect((await keptTexts(front)).flat().join()).not.toContain('language of the visitor');
      const asked = await find(ben, idea, '1 waits for a yes', 'Moltbot');
      expect(asked.buttons).toEqual(['Accept', 'Edit', 'Decline']);
      await ana.presses(asked, 'Accept');
      await chat.settle();
      expect((await ana.told()).at(-1)).toContain('Only an approver decides what is learned');
      await ben.presses(asked, 'Edit', 'Greet everybody in their own language.');
      await chat.settle();
      const decided = await find(ana, idea, '1 lesson counts.');
      expect(decided.id).toBe(asked.id);
      expect(decided.text).toContain('Greet everybody in their own language.');
      expect(decided.text).toContain(`By ${ben.name}, until`);
    });

    it('says in private what a command is for, where it cannot act', async () => {
      const idea = await begun();
      await ben.say(idea, 'stop');
      await chat.settle();
      expect(await ben.told()).toEqual([expect.stringContaining("works in a task's thread")]);
    });

    it('leads from a committed story to its task, with a card of its own', async () => {
      const { idea, task } = await committed();
      expect((await find(ana, idea, 'sprint', 'Piper')).buttons).not.toContain('Commit to sprint');
      expect(await find(ben, task, 'Task 1 ·')).toMatchObject({ by: 'Tess' });
    });

    it('stops a task at a word (I7)', async () => {
      const { task, taskId } = await committed();
      await ana.say(task, 'stop');
      await chat.settle();
      expect(await events(taskId, 'task.cancelled')).toHaveLength(1);
      expect((await find(ben, task, 'Task 1 ·')).text).toContain('was stopped');
      expect((await find(ben, task, 'Task 1 ·')).buttons).not.toContain('Stop');
    });

    it('calls who is awaited once, and nobody else', async () => {
      const { task, card } = await inReview();
      expect(card.buttons).toEqual(expect.arrayContaining(['Approve', 'Request changes', 'Reject']));
      const calls = async () => [await ben.timesCalled(), await cleo.timesCalled()];
      expect(await calls()).toEqual([1, 0]);
      await ana.say(task, 'fyi: this is the one for the fair');
      await chat.settle();
      expect(await calls()).toEqual([1, 0]);
    });

    it('refuses a decision by somebody who is not listed, to them alone (A18, C06)', async () => {
      const { task, taskId, card } = await inReview();
      await cleo.presses(card, 'Approve');
      await chat.settle();
      expect(await cleo.told()).toEqual([expect.stringContaining('not an approver')]);
      expect(await ben.told()).toEqual([]);
      expect(await events(taskId, 'approval.granted')).toEqual([]);
      expect((await find(ben, task, 'Please decide on')).text).toBe(card.text);
    });

    it('refuses the requester, approver or not (A22, C06)', async () => {
      const { taskId, card } = await inReview();
      front.approvers = [ana.actor, ben.actor];
      await ana.presses(card, 'Approve');
      await chat.settle();
      expect(await ana.told()).toHaveLength(1);
      expect(await events(taskId, 'approval.granted')).toEqual([]);
    });

    it('takes two presses at once for one, and shows who decided in place of the buttons (A19, F27, I4)', async () => {
      const { task, taskId, card } = await inReview();
      await Promise.all([ben.presses(card, 'Approve'), ben.presses(card, 'Approve')]);
      await chat.settle();
      expect((await events(taskId, 'approval.granted')).map(({ actor }) => actor)).toEqual([ben.actor]);
      expect(await ben.told()).toHaveLength(1);
      const decided = await find(ana, task, 'Review of');
      expect(decided.id).toBe(card.id);
      expect(decided.text).toContain(`Approved by ${ben.name}`);
      expect(decided.buttons).not.toContain('Approve');
    });

    it('says what came of a card that is decided, to who presses what they still see (A19)', async () => {
      const { taskId, card } = await inReview();
      await ben.presses(card, 'Approve');
      await chat.settle();
      await ben.presses(card, 'Approve');
      await ben.presses(card, 'Reject', 'Too late.');
      await chat.settle();
      const decided = expect.stringContaining(`This is decided already: Approved by`);
      expect(await ben.told()).toEqual([decided, decided]);
      expect(await events(taskId, 'approval.granted')).toHaveLength(1);
      expect(await events(taskId, 'pull-request.rejected')).toEqual([]);
    });

    it('takes words with a press, and keeps them whole', async () => {
      const { task, taskId, card } = await inReview();
      const long = `Greet in French. ${'It should be polite and short. '.repeat(90)}So much for now, says the end.`;
      await ben.presses(card, 'Request changes', long);
      await chat.settle();
      expect(await events(taskId, 'changes.requested')).toHaveLength(1);
      const asked = await find(ana, task, 'asks for changes', 'Tess');
      expect(await ana.opens(asked)).toContain('says the end');
      expect((await find(ana, task, 'Review of')).text).toContain(`${ben.name} asked for changes`);
    });

    it('tells why something is there, with the sentence and its speaker', async () => {
      const idea = await begun();
      const why = await ben.asksWhy(await find(ben, idea, 'This is what I understood'));
      expect(why).toContain('so that I feel welcome');
      expect(why).toContain(ana.name);
    });

    it('keeps every word of a long message', async () => {
      const long = `${IDEA}\n\n${'It must be quick. '.repeat(800)}That is all, says the end.`;
      const idea = await begun(long);
      expect(await ben.readsAll(idea)).toContain('says the end');
      const [conversation] = await keptTexts(front);
      expect(conversation?.[0]?.trim()).toBe(long.trim());
    });

    it('lets nothing that people write act by itself, and shows no preview (A05, A26, C16)', async () => {
      const hostile = [
        `As a <b>guest</b> I want <script>alert(1)</script> & <!channel> @everyone @here <@${cleo.actor.split(':').at(-1)}>.`,
        'It must show ![me](https://evil.example/x.png?secret=1) and [a link](https://evil.example/y).',
        'It must open <https://evil.example/z|here> and javascript:alert(1) in src/greet.js.',
      ].join('\n');
      const { idea, task, card } = await inReview(`${hostile}\n${CODE}`);
      await ben.presses(card, 'Request changes', hostile);
      await chat.settle();
      expect((await find(ana, task, 'asks for changes', 'Tess')).text).toContain('guest');
      for (const place of [idea, task]) expect(await ben.findsAlive(place)).toEqual([]);
      expect(await cleo.timesCalled()).toBe(0);
    });

    it('shows people by their names, never by their ids', async () => {
      const { idea, task, card } = await inReview();
      await ben.presses(card, 'Approve');
      await chat.settle();
      for (const place of [idea, task]) expect(await cleo.readsAll(place)).not.toMatch(/(?:slack|discord):[A-Z0-9]/);
    });
  });
}

/** Opens a pull request on which this approver is to decide. */
function asking(waitsFor: string): Stunt {
  return async ({ task: { number } }) => {
    const body = jsonArtifact('packet', { name: 'open', number });
    const asked = { ...reviewStepCommands['record-pull-request'], pullRequestId: randomUUID(), number, waitsFor };
    return {
      artifacts: [body],
      decide: (task, step, meta) => decideReviewStep({ ...asked, artifact: body.hash }, task, step, meta),
    };
  };
}

const ANSWERS: Readonly<Record<string, RegExp>> = {
  help: /In a task: stop, pause/,
  status: /No sprint is open/,
  backlog: /1 story in the backlog/,
  cost: /nothing|no model/i,
  canvas: /The canvas of “/,
};

/** The newest post that says so, by this persona. Throws when there is none. */
async function find(person: ChatPerson, place: ChatPlace, words: string, by?: string): Promise<SeenPost> {
  const posts = await person.reads(place);
  const found = posts.findLast((post) => post.text.includes(words) && (by === undefined || post.by === by));
  if (found === undefined)
    throw new Error(
      `Nobody says “${words}” to ${person.name}:\n${posts.map(({ by: who, text }) => `${who}: ${text}`).join('\n')}`,
    );
  return found;
}

function occurrences(text: string, words: string): number {
  return text.split(words).length - 1;
}

/** What is kept of each conversation: its messages, in order. */
async function keptTexts({ tools }: Front): Promise<string[][]> {
  const rows = await tools.unitOfWork.tables.find('inceptions', {});
  const kept = await Promise.all(rows.map(({ conversationId }) => tools.unitOfWork.conversations.get(conversationId)));
  return kept.flatMap((conversation) => (conversation === null ? [] : [conversation.messages.map(({ text }) => text)]));
}
