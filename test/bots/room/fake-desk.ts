import type { CheckView, Desk, ThreadView } from '#src/desk/desk.ts';
import { FactoryError } from '#src/errors.ts';
import type { DeskAnswer, Message, Post, PostDraft, Press, ThreadRef } from '#src/ports/chat.ts';
import type { RepositoryFacts } from '#src/ports/workspace.ts';
import { headSha, diffHash, hostile, seed, taskTwelve } from './fake-posts.ts';
import { changedFiles } from './fake-diff.ts';
import { fakeReflection } from './fake-reflection.ts';

const packHash = 'f'.repeat(64);

/** What a test saw the room ask of the desk. */
export interface FakeDesk extends Desk {
  readonly presses: Press[];
  readonly messages: Message[];
  readonly imports: { projectId: string; name: string; bytes: number; largestChunk: number }[];
  readonly ideas: { projectId: string; text: string }[];
  readonly bound: { projectId: string; path: string; base: string | null }[];
  /** Listeners that are subscribed now. */
  listeners(): number;
  /** Posts or edits, and tells every listener. */
  post(draft: PostDraft, at?: string): Post;
  /** Changes a kept post without telling anybody, as when the line was down. */
  postSilently(draft: PostDraft, at?: string): Post;
  answerWith(answer: DeskAnswer): void;
  clearWaiting(): void;
}

export function createFakeDesk(options: { empty?: boolean; checks?: CheckView[] } = {}): FakeDesk {
  const posts = new Map<string, Post>();
  const listeners = new Set<(posts: readonly Post[]) => void>();
  const presses: Press[] = [];
  const messages: Message[] = [];
  const imports: FakeDesk['imports'] = [];
  const ideas: FakeDesk['ideas'] = [];
  const bound: FakeDesk['bound'] = [];
  let answer: DeskAnswer = { ok: true, text: null };
  let empty = options.empty ?? false;
  let waiting = [
    {
      text: 'Approve **Slugs without dashes**',
      thread: { kind: 'task', id: 'task-12' } as ThreadRef,
      since: '2026-11-20T13:40:00Z',
      isMine: true,
      whom: ['local'],
    },
    {
      text: `Who decides when a link dies? ${hostile}`,
      thread: { kind: 'idea', id: 'idea-1' } as ThreadRef,
      since: '2026-11-20T12:10:00Z',
      isMine: true,
      whom: ['local'],
    },
  ];

  const keep = (draft: PostDraft, at: string): Post => {
    const known = posts.get(draft.key);
    const post: Post = known
      ? { ...draft, id: known.id, version: known.version + 1, postedAt: known.postedAt, editedAt: at }
      : { ...draft, id: `p-${draft.key}`, version: 1, postedAt: at, editedAt: null };
    posts.set(draft.key, post);
    return post;
  };
  const inThread = (thread: ThreadRef): Post[] =>
    [...posts.values()].filter((post) => post.thread.kind === thread.kind && post.thread.id === thread.id);
  for (const { draft, at } of seed()) keep(draft, at);

  const project = {
    id: 'project-1',
    name: 'recipes',
    active: true,
    repository: { path: '/home/mara/code/greeter', baseBranch: 'main' },
  };
  const unbound = { id: 'project-2', name: 'billing', active: false, repository: null };
  const threadView = (thread: ThreadRef): ThreadView | null => {
    const base = {
      thread,
      projectId: 'project-1',
      conversation: [],
      omittedMessages: 0,
      posts: inThread(thread),
      idea: null,
    };
    if (thread.kind === 'project' && thread.id === 'project-1') return { ...base, title: 'recipes' };
    if (thread.kind === 'project' && thread.id === 'project-2')
      return { ...base, title: 'billing', projectId: 'project-2' };
    if (thread.kind === 'idea' && thread.id === 'idea-1') {
      return { ...base, title: 'Addresses for recipes', conversation: longConversation(), omittedMessages: 31 };
    }
    if (thread.kind === 'idea' && thread.id === 'idea-2') {
      return { ...base, title: 'وصفات بالعربية', conversation: longConversation().slice(0, 2) };
    }
    if (thread.kind === 'task' && thread.id === 'task-12')
      return { ...base, title: taskTwelve, idea: { kind: 'idea', id: 'idea-1' } };
    return null;
  };

  const bind = (projectId: string, path: string, base: string | null): RepositoryFacts => {
    if (path.includes('nowhere')) {
      throw new FactoryError('repo-not-found', `There is no folder at ${path}.`, {
        fix: 'Check the spelling, or clone the repository there first.',
      });
    }
    bound.push({ projectId, path, base });
    return {
      path,
      bare: false,
      baseBranch: base ?? 'main',
      baseSha: 'a'.repeat(40),
      forge: 'local',
      dirtyOnBase: false,
      notes: ['Its hooks will not be run.'],
    };
  };
  return {
    presses,
    messages,
    imports,
    ideas,
    bound,
    listeners: () => listeners.size,
    post: (draft, at = '2026-11-20T14:30:00Z') => {
      const post = keep(draft, at);
      for (const listener of listeners) listener([post]);
      return post;
    },
    postSilently: (draft, at = '2026-11-20T14:30:00Z') => keep(draft, at),
    answerWith: (next) => {
      answer = next;
    },
    clearWaiting: () => {
      waiting = [];
    },

    overview: async () => (empty ? { waiting: [], projects: [] } : { waiting, projects: [project, unbound] }),
    project: async (id) => {
      if (id === 'project-2') return { ...unbound, ideas: [], tasks: [], sprint: null };
      if (id !== 'project-1') return null;
      return {
        ...project,
        ideas: [
          { conversationId: 'idea-1', title: 'Addresses for recipes', messageCount: 42, at: '2026-11-20T11:58:00Z' },
          { conversationId: 'idea-2', title: 'وصفات بالعربية', messageCount: 2, at: '2026-11-19T09:00:00Z' },
          {
            conversationId: 'idea-3',
            title: `A very long name that a person gave in a hurry and never shortened, with one_unbroken_word_${'x'.repeat(90)} ${hostile}`,
            messageCount: 1,
            at: '2026-11-18T09:00:00Z',
          },
        ],
        tasks: [
          {
            taskId: 'task-12',
            conversationId: 'idea-1',
            number: 12,
            title: taskTwelve,
            state: 'in-review',
            paused: false,
            waitingKind: 'approval',
            waitingText: 'waits for your approval',
          },
          {
            taskId: 'task-13',
            conversationId: 'idea-1',
            number: 13,
            title: 'Links that end',
            state: 'blocked',
            paused: false,
            waitingKind: 'blocked',
            waitingText: 'three attempts failed; **look at the findings**',
          },
          {
            taskId: 'task-14',
            conversationId: 'idea-1',
            number: 14,
            title: 'Redirect old addresses',
            state: 'ready',
            paused: false,
            waitingKind: null,
            waitingText: null,
          },
        ],
        sprint: { number: 3, goal: 'Readable addresses for every recipe', daysLeft: 4, points: 13, donePoints: 5 },
      };
    },
    thread: async (thread) => threadView(thread),
    why: async (_conversation, positions) =>
      positions.map((position) => ({
        position,
        speaker: position === 2 ? 'ChatGPT' : 'Ana',
        at: '2026-11-12T10:00:00Z',
        text: `Editors paste titles like “Soup — again!” and the address comes out wrong. ${hostile}`,
      })),
    diff: async (taskId) =>
      taskId !== 'task-12'
        ? null
        : {
            taskId,
            title: taskTwelve,
            baseSha: 'b'.repeat(40),
            headSha,
            diffHash,
            text: changedFiles,
            truncated: false,
            lookAt: [
              '`src/slug.js`: a title made only of dashes now throws',
              'No test covers **titles of 200 characters**',
            ],
          },
    run: async (taskId) =>
      taskId !== 'task-12'
        ? null
        : {
            taskId,
            number: 12,
            title: taskTwelve,
            state: 'in-review',
            paused: false,
            waitingKind: 'approval',
            cost: { calls: 14, tokens: 61_000, microUsd: 420_000, models: ['gpt-x'] },
            steps: [
              {
                step: 'claim',
                agent: 'tess',
                attempt: 1,
                startedAt: '2026-11-20T13:00:00Z',
                durationMs: 120,
                result: 'claimed',
                artifact: null,
                pack: null,
                cost: null,
              },
              {
                step: 'check',
                agent: 'vera',
                attempt: 2,
                startedAt: '2026-11-20T13:02:00Z',
                durationMs: 74_000,
                result: '5 of 6 criteria proven',
                artifact: { hash: 'c'.repeat(64), kind: 'report', text: `ok 1\n${hostile}` },
                pack: packHash,
                cost: { calls: 14, tokens: 61_000, microUsd: 420_000, models: ['gpt-x'] },
              },
            ],
            beats: [
              {
                ...{ seq: 7, at: '2026-11-20T13:00:00Z', who: 'Tess', text: 'takes it up, run 1' },
                ...{ says: 'makes the branch', workMs: 120 },
              },
              {
                ...{ seq: 9, at: '2026-11-20T13:02:00Z', who: 'Vera', text: `finds it good ${hostile}` },
                ...{ says: 'opens the pull request', workMs: 74_000 },
              },
            ],
            artifacts: [
              { kind: 'thoughts.md', hash: 'd'.repeat(64), text: '# Why\nThe title decides the address.' },
              {
                kind: 'context-pack',
                hash: packHash,
                text: `About 4,000 tokens: files 4,000.\n\nWhat went in:\n  files · src/slug.js (1,200 tokens): named in criterion 2\n\nWhat was left out, and why:\n  files · src/old.js (9,000 tokens): no room ${hostile}`,
              },
            ],
            events: [{ seq: 41, type: 'task.claimed', actor: 'tess', at: '2026-11-20T13:00:00Z' }],
          },
    reflection: async (projectId, page) => fakeReflection(projectId, page),
    ledger: async () => ({
      events: 1204,
      verified: true,
      head: { seq: 1204, hash: 'e'.repeat(64) },
      recent: [
        { seq: 1204, type: 'pull-request.opened', actor: 'tess', at: '2026-11-20T13:40:00Z', taskId: 'task-12' },
      ],
    }),
    openProject: async (_actor, repository) => {
      if (repository !== null) bind('project-1', repository, null);
      empty = false;
      return { projectId: 'project-1' };
    },
    createProject: async () => {
      empty = false;
      return { projectId: 'project-1' };
    },
    bindRepository: async (_actor, projectId, path, base) => bind(projectId, path, base),
    importFile: async (_actor, project, file) => {
      let bytes = 0;
      let largestChunk = 0;
      for await (const chunk of file.open()) {
        bytes += chunk.byteLength;
        largestChunk = Math.max(largestChunk, chunk.byteLength);
      }
      const projectId = typeof project === 'string' ? project : await project();
      imports.push({ projectId, name: file.name, bytes, largestChunk });
      if (file.name.includes('broken')) {
        throw new FactoryError('not-a-conversation', 'This file is not a conversation.', {
          fix: 'Drop a ChatGPT, Claude or meeting export.',
        });
      }
      return {
        conversations: [
          {
            id: 'idea-1',
            title: 'Addresses for recipes',
            messageCount: 42,
            skipped: [{ kind: 'image', count: 3, reason: 'pictures are not read' }],
          },
        ],
        problems: [{ file: 'conversations-002.json', reason: `is listed and not there ${hostile}` }],
      };
    },
    startIdea: async (_actor, projectId, text) => {
      ideas.push({ projectId, text });
      return { conversationId: 'idea-1' };
    },
    say: async (message) => {
      messages.push(message);
      if (answer.ok) {
        const draft: PostDraft = {
          key: `said-${message.originId}`,
          thread: message.thread,
          author: { kind: 'person', name: message.actor },
          mentions: [],
          card: { kind: 'message', lead: message.text, tone: 'plain', blocks: [], actions: [], outcome: null },
        };
        const post = keep(draft, message.at);
        for (const listener of listeners) listener([post]);
      }
      return answer;
    },
    press: async (press) => {
      presses.push(press);
      const post = [...posts.values()].find((one) => one.id === press.postId);
      if (answer.ok && post !== undefined) {
        const decided = keep(
          {
            ...post,
            card: { ...post.card, actions: [], tone: 'good', outcome: 'Approved by local · 14:02 · merged as 9ac1f07' },
          },
          '2026-11-20T14:02:00Z',
        );
        for (const listener of listeners) listener([decided]);
      }
      return answer;
    },
    trySample: async () => {
      empty = false;
      return { projectId: 'project-1', conversationId: 'idea-1' };
    },
    doctor: async () =>
      options.checks ?? [
        { name: 'Database', state: 'ok', detail: 'PostgreSQL 18.4, its own, on a socket', fix: null },
        { name: 'Git', state: 'ok', detail: '2.39.5', fix: null },
        {
          name: 'Sandbox',
          state: 'missing',
          detail: 'bubblewrap is not installed, so code steps wait',
          fix: 'Run `npm run -s workbench -- doctor --fix`.',
        },
        { name: 'Model', state: 'warning', detail: 'No key is set: the factory works by rules', fix: null },
      ],
    onPosts: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function longConversation(): ThreadView['conversation'] {
  const said = (position: number, speaker: string, role: 'person' | 'assistant', text: string) => ({
    position,
    speaker,
    role,
    at: `2026-11-12T10:0${position % 10}:00Z`,
    text,
  });
  return [
    said(
      0,
      'Ana',
      'person',
      'Editors paste titles like “Soup — again!” and the address comes out wrong. Can we fix that?',
    ),
    said(
      1,
      'ChatGPT',
      'assistant',
      `Yes. Turn every run of signs that are not letters into one dash:\n\n\`\`\`js src/slug.js\nexport function slug(title) {\n  return title.toLowerCase().replace(/[^a-z0-9]+/g, '-'); // a long line that must scroll inside its own box and never push the page to the side, whatever happens\n}\n\`\`\`\n\nThat keeps **one** dash.`,
    ),
    said(2, 'Ana', 'person', hostile),
    said(3, 'שרה', 'person', 'ומה לגבי כותרות בעברית?'),
    said(4, 'ChatGPT', 'assistant', 'Keep letters of any script with `\\p{L}`.'),
    said(36, 'Ana', 'person', 'Good. And a link should end one day.'),
  ];
}
