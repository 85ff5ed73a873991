import { randomUUID } from 'node:crypto';
import { createPeopleStore } from '#persistence/people-store.ts';
import { createReminders } from '#persistence/reminders.ts';
import { createPostStore } from '#persistence/post-store.ts';
import { createSurfacePosts } from '#persistence/surface-posts.ts';
import { createDesk } from '#src/desk/create-desk.ts';
import type { SurfaceDesk } from '#src/desk/desk.ts';
import type { DeskTools } from '#src/desk/desk-tools.ts';
import { startMirror } from '#src/desk/mirror.ts';
import type { DeskAnswer, Post, ThreadRef } from '#src/ports/chat.ts';
import { systemClock } from '#src/ports/clock.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { noGroups } from '#src/ports/groups.ts';
import type { Groups } from '#src/ports/groups.ts';
import { noLinkedAccounts } from '#src/ports/linked-accounts.ts';
import type { LinkedAccounts } from '#src/ports/linked-accounts.ts';
import { silentLog } from '#src/ports/log.ts';
import type { Workspace } from '#src/ports/workspace.ts';
import { takeIn } from '#src/desk/take-in.ts';
import { readApprovers } from '#src/review/read-approvers.ts';
import { LANE } from '#test/code-factory/floor.ts';
import { BASE } from '#test/code-factory/life.ts';
import { draft, openTestStore, type TestStore } from '#test/persistence/support.ts';
import { OWN_SECRET } from '#test/safety/corpus.ts';

/** The front desk on the real store, with nobody behind the forge. */
export interface Front {
  store: TestStore;
  tools: DeskTools;
  desk: SurfaceDesk;
  approvers: string[];
  /** What a halt answers about credentials. */
  takenBack: string | null;
  /** Who is in which group. */
  groups: Groups;
  accounts: LinkedAccounts;
  /** Whether a model may be used. */
  model: boolean;
  /** What a task's branch points at; null: it is gone. */
  branchHead: string | null;
  /** The bound repository has no files of its own. */
  bare: boolean;
  /** What the base branch of every repository holds. */
  files: Record<string, string>;
  closed: number[];
  /** Makes the forge refuse to close, with this error. */
  refuseToClose: Error | null;
  /** Brings chat up to the ledger. */
  mirror(): Promise<void>;
  post(key: string): Promise<Post>;
  press(actor: string, post: Post, action: string, input?: string): Promise<DeskAnswer>;
  say(actor: string, thread: ThreadRef, text: string, originId?: string): Promise<DeskAnswer>;
  project(): Promise<string>;
  /** Takes in a talk whose assistant wrote `src/greet.js` and its test; answers the conversation's id. */
  talk(projectId: string): Promise<string>;
  close(): Promise<void>;
}

const unasked = (): never => {
  throw new Error('nobody should look at a repository here');
};

export const greeting = (id: string): Conversation => ({
  id,
  title: 'A greeting for visitors',
  source: 'chatgpt',
  skipped: [],
  messages: [
    'As a visitor I want to be greeted by name, so that I feel welcome. Please write a function greet in src/greet.js with a test.',
    'Sure.\n\n```js\n// src/greet.js\nexport function greet(name) {\n  return `Hello, ${name}`;\n}\n```\n\n```js\n// test/greet.test.js\nimport { test } from "node:test";\nimport { greet } from "../src/greet.js";\ntest("greets a visitor by name", () => greet("Ada"));\n```',
    'Perfect, thanks.',
  ].map((text, position) => ({
    position,
    speaker: position === 1 ? 'ChatGPT' : 'You',
    role: position === 1 ? 'assistant' : 'person',
    at: null,
    text,
    originId: `${id}-${position}`,
  })),
});

export async function openFront(): Promise<Front> {
  const store = await openTestStore();
  const { unitOfWork } = store;
  const ids = { next: () => randomUUID() };
  const posts = createPostStore({ orm: store.orm, clock: systemClock, ids });
  const surfacePosts = createSurfacePosts({ orm: store.orm, clock: systemClock });
  const people = createPeopleStore({ orm: store.orm });
  const front = {
    approvers: ['grace', 'linus'],
    takenBack: null,
    groups: noGroups,
    accounts: noLinkedAccounts,
    model: false,
    branchHead: null as string | null,
    bare: false,
    files: {} as Record<string, string>,
    closed: [] as number[],
    refuseToClose: null as Error | null,
  };
  const workspace: Workspace = Object.assign(
    new Proxy({} as Workspace, { get: (own, name) => Reflect.get(own, name) ?? unasked }),
    {
      inspect: async (path: string) => ({
        path,
        bare: front.bare,
        baseBranch: 'main',
        baseSha: BASE,
        forge: 'local',
        dirtyOnBase: false,
        notes: [],
      }),
      refresh: async () => ({ baseSha: BASE }),
      isAncestor: async () => true,
      readFile: async (_repo: unknown, _sha: string, path: string) => {
        const text = front.files[path];
        return text === undefined ? null : new TextEncoder().encode(text);
      },
    },
  );
  const modelFor = async () => front.model;
  const tools: DeskTools = {
    unitOfWork,
    posts,
    surfacePosts,
    people,
    reminders: createReminders({ orm: store.orm }),
    workingHours: { fromMinute: 9 * 60, toMinute: 17 * 60, timeZone: 'UTC' },
    workspace,
    forge: { branchHead: async () => front.branchHead },
    modelFor,
    clock: systemClock,
    ids,
    log: silentLog,
    lane: LANE,
    review: {
      unitOfWork,
      clock: systemClock,
      ids,
      approvalExpiryHours: 72,
      rightsFor: async () => ({ ...(await readApprovers(front.groups, front.approvers, null)), forge: 'local' }),
      forge: {
        async closePullRequest(_repo, { number }) {
          if (front.refuseToClose !== null) throw front.refuseToClose;
          front.closed.push(number);
        },
      },
    },
    groups: { members: (group) => front.groups.members(group) },
    accounts: {
      forge: 'github',
      begin: (person) => front.accounts.begin(person),
      isUsable: (account) => front.accounts.isUsable(account),
      forget: (person) => front.accounts.forget(person),
    },
    approvers: () => readApprovers(front.groups, front.approvers, null),
    verifyLedger: async () => ({
      events: 0,
      verified: true,
      head: await unitOfWork.ledger.head(),
      anchors: 0,
      firstBad: null,
    }),
    takeBackCredentials: async () => front.takenBack,
    doctor: async () => [],
    sample: { conversation: unasked, makeRepository: unasked },
    onPosts: () => () => {},
  };
  const desk = createDesk(tools);

  async function mirror(): Promise<void> {
    const running = startMirror({
      views: { ...unitOfWork, clock: systemClock, modelFor, approvers: tools.approvers },
      posts,
      people,
      log: silentLog,
      secrets: [OWN_SECRET],
      onPosts: () => {},
    });
    await running.settle();
    await running.stop();
  }
  return Object.assign(front, {
    store,
    tools,
    desk,
    mirror,
    async post(key: string): Promise<Post> {
      const [kind, id = ''] = key.split(':');
      const threads: ThreadRef['kind'][] = ['project', 'idea', 'task'];
      for (const thread of threads) {
        const found = (await posts.thread({ kind: thread, id })).find((candidate) => candidate.key === key);
        if (found !== undefined) return found;
      }
      const rows = await store.orm.em
        .fork()
        .getConnection()
        .execute<{ id: string }[]>('SELECT id FROM chat_posts WHERE key = ?', [key]);
      const found = rows[0] === undefined ? null : await posts.get(rows[0].id);
      if (found === null) throw new Error(`there is no ${kind} post ${key}`);
      return found;
    },
    press: (actor: string, post: Post, action: string, input: string | null = null) =>
      desk.press({ actor, postId: post.id, postVersion: post.version, action, input }),
    say: (actor: string, thread: ThreadRef, text: string, originId: string = randomUUID()) =>
      desk.say({ actor, thread, text, originId, at: '2026-11-20T10:00:00.000Z' }),
    async project(): Promise<string> {
      const { projectId } = await desk.createProject('ada', 'Greetings');
      await unitOfWork.transact(async (transaction) => {
        const { length } = await transaction.events(`project:${projectId}`);
        const body = { repoId: randomUUID(), projectId, forge: 'local', path: '/srv/greetings', baseBranch: 'main' };
        transaction.append(`project:${projectId}`, length, [draft('repository.bound', body)]);
      });
      return projectId;
    },
    async talk(projectId: string): Promise<string> {
      const conversation = greeting(randomUUID());
      await takeIn(tools, { projectId, conversation, fileHash: null, actor: 'ada' });
      return conversation.id;
    },
    close: () => store.close(),
  });
}

/** Everything that a card says, as one text. */
export function wordsOf(post: Pick<Post, 'card'>): string {
  const texts: string[] = [];
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      if (['text', 'detail', 'lead', 'outcome', 'label', 'value', 'title', 'summary'].includes(key)) texts.push(value);
    } else if (Array.isArray(value)) for (const one of value) walk(one, key);
    else if (value !== null && typeof value === 'object')
      for (const [name, one] of Object.entries(value)) walk(one, name);
  };
  walk(post.card, '');
  return texts.join('\n');
}
