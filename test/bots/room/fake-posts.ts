import type { Author, Card, CardAction, PostDraft, ThreadRef } from '#src/ports/chat.ts';
import type { PersonaName } from '#src/ports/personas.ts';

export const headSha = '4f2c91a'.padEnd(40, '0');
export const diffHash = 'f'.repeat(64);
/** Must never become markup, wherever it is shown. */
export const hostile = '<script>window.hacked = true</script><img src=x onerror="window.hacked = true">';
export const taskTwelve = 'Slugs without dashes';

export const idea: ThreadRef = { kind: 'idea', id: 'idea-1' };
export const task: ThreadRef = { kind: 'task', id: 'task-12' };
const channel: ThreadRef = { kind: 'project', id: 'project-1' };

const persona = (name: PersonaName): Author => ({ kind: 'persona', name });

export function card(part: Partial<Card> & { lead: string }): Card {
  return { kind: 'message', tone: 'plain', blocks: [], actions: [], outcome: null, ...part };
}

export function draft(
  key: string,
  thread: ThreadRef,
  author: Author,
  part: Partial<Card> & { lead: string },
): PostDraft {
  return { key, thread, author, card: card(part), mentions: [] };
}

const approve: CardAction = {
  name: 'approve',
  label: 'Approve',
  style: 'primary',
  confirm: null,
  input: null,
  command: { type: 'approve', taskId: 'task-12', headSha, diffHash },
};

const review: Partial<Card> & { lead: string } = {
  kind: 'review',
  tone: 'waiting',
  lead: '**5 of 6** criteria are proven. Approve, or say what is missing?',
  blocks: [
    {
      type: 'list',
      title: 'Criteria',
      items: [
        {
          mark: 'question',
          text: 'A title of 200 characters is cut at a word',
          detail: 'unproven: no test names it',
          why: { conversationId: 'idea-1', positions: [0, 2] },
          thread: null,
          actions: [],
        },
        {
          mark: 'done',
          text: 'Signs between words become one dash',
          detail: 'proven by `keeps one dash`',
          why: { conversationId: 'idea-1', positions: [0] },
          thread: null,
          actions: [],
        },
        {
          mark: 'failed',
          text: 'A title without letters is refused',
          detail: null,
          why: null,
          thread: null,
          actions: [],
        },
      ],
    },
    {
      type: 'facts',
      facts: [
        { label: 'Checks', value: '`npm test`: 14 passed', tone: 'good' },
        { label: 'Before that', value: '2 failed on the base already', tone: 'bad' },
        { label: 'Approver', value: 'local, who also committed it' },
      ],
    },
    {
      type: 'diff',
      taskId: 'task-12',
      files: [
        { path: 'src/slug.js', added: 14, removed: 3 },
        { path: 'test/slug.test.js', added: 22, removed: 0 },
      ],
    },
  ],
  actions: [
    approve,
    {
      name: 'changes',
      label: 'Request changes',
      style: 'plain',
      confirm: null,
      input: { label: 'What should change?', required: true },
      command: { type: 'request-changes', taskId: 'task-12' },
    },
    {
      name: 'reject',
      label: 'Reject',
      style: 'danger',
      confirm: 'The branch is kept, the task ends. Reject it?',
      input: { label: 'Why (may be empty)', required: false },
      command: { type: 'reject', taskId: 'task-12' },
    },
  ],
};

const canvas: Partial<Card> & { lead: string } = {
  kind: 'canvas',
  tone: 'plain',
  lead: 'This is what I heard. Three things are open; keep or drop what is unsure.',
  blocks: [
    {
      type: 'facts',
      facts: [
        { label: 'For', value: 'editors who paste titles' },
        { label: 'Who need', value: 'an address that reads like the title' },
      ],
    },
    {
      type: 'list',
      title: 'Features',
      items: [
        {
          mark: 'done',
          text: 'Addresses without doubled dashes',
          detail: 'must',
          why: { conversationId: 'idea-1', positions: [0] },
          thread: task,
          actions: [],
        },
        {
          mark: 'open',
          text: `Titles in any script, ${hostile}`,
          detail: 'should',
          why: { conversationId: 'idea-1', positions: [3] },
          thread: null,
          actions: [],
        },
        { mark: 'none', text: 'כותרות בעברית ובערבית', detail: null, why: null, thread: null, actions: [] },
      ],
    },
    {
      type: 'fold',
      summary: 'Maybe: 2 more that I am unsure of',
      blocks: [
        {
          type: 'list',
          title: null,
          items: [
            {
              mark: 'question',
              text: 'Links that end after a year',
              detail: 'inferred',
              why: { conversationId: 'idea-1', positions: [36] },
              thread: null,
              actions: [
                {
                  name: 'keep-1',
                  label: 'Keep',
                  style: 'plain',
                  confirm: null,
                  input: null,
                  command: { type: 'judge-feature', conversationId: 'idea-1', featureKey: 'f1', verdict: 'kept' },
                },
                {
                  name: 'drop-1',
                  label: 'Drop',
                  style: 'plain',
                  confirm: null,
                  input: null,
                  command: { type: 'judge-feature', conversationId: 'idea-1', featureKey: 'f1', verdict: 'dropped' },
                },
              ],
            },
          ],
        },
      ],
    },
  ],
};

const stories: Partial<Card> & { lead: string } = {
  kind: 'stories',
  tone: 'waiting',
  lead: 'Three stories, in this order. Commit them to sprint 3?',
  blocks: [
    {
      type: 'list',
      title: null,
      items: [
        {
          mark: 'open',
          text: 'As an editor I get one dash between words',
          detail: '3 points',
          why: { conversationId: 'idea-1', positions: [0] },
          thread: null,
          actions: [],
        },
        {
          mark: 'open',
          text: 'As an editor I may write in any script',
          detail: '2 points',
          why: null,
          thread: null,
          actions: [],
        },
      ],
    },
    {
      type: 'fold',
      summary: 'Criteria as Gherkin',
      blocks: [
        {
          type: 'code',
          path: 'slug.feature',
          language: 'gherkin',
          text: 'Feature: Addresses\n  Scenario: one dash\n    Given the title "Soup — again!"\n    Then the address is "soup-again"',
        },
      ],
    },
  ],
  actions: [
    {
      name: 'commit',
      label: 'Commit to sprint',
      style: 'primary',
      confirm: null,
      input: null,
      command: { type: 'commit-stories', conversationId: 'idea-1', storyIds: ['s1'] },
    },
  ],
};

/** The sprint of a small project, as its people see it at lunch. */
export function seed(): { draft: PostDraft; at: string }[] {
  const at = (time: string): string => `2026-11-20T${time}:00Z`;
  const now = new Date(Date.now() - 14_000).toISOString();
  return [
    { at: at('12:00'), draft: draft('canvas', idea, persona('piper'), canvas) },
    {
      at: at('12:01'),
      draft: draft('question', idea, persona('piper'), {
        kind: 'question',
        tone: 'waiting',
        lead: `Who decides when a link dies? ${hostile}`,
        blocks: [{ type: 'quote', speaker: 'Ana', at: at('10:08'), text: 'And a link should end one day.' }],
      }),
    },
    {
      at: at('12:20'),
      draft: draft(
        'answer',
        idea,
        { kind: 'person', name: 'local' },
        { lead: 'The editor, when they **unpublish**.\nNobody else.' },
      ),
    },
    { at: at('12:21'), draft: draft('stories', idea, persona('piper'), stories) },
    {
      at: at('12:30'),
      draft: draft('sprint', idea, persona('tess'), {
        kind: 'sprint',
        tone: 'good',
        lead: '3 tasks are in the sprint.',
        blocks: [
          {
            type: 'list',
            title: null,
            items: [
              { mark: 'open', text: `12 · ${taskTwelve}`, detail: 'in review', why: null, thread: task, actions: [] },
            ],
          },
        ],
        outcome: 'Committed by local · 12:30',
      }),
    },
    {
      at: at('12:31'),
      draft: draft(
        'join',
        idea,
        { kind: 'person', name: 'Bartholomäus Featherstonehaugh-Cholmondeley the Younger of Great Yarmouth' },
        { lead: `A long word: ${'antidisestablishmentarianism'.repeat(5)}` },
      ),
    },
    {
      at: at('13:00'),
      draft: draft('status', task, persona('tess'), {
        kind: 'status',
        lead: 'Vera is checking the second attempt.',
        blocks: [
          {
            type: 'steps',
            steps: [
              { label: 'branch', state: 'done', sinceAt: null, tookMs: 210 },
              { label: 'scope', state: 'done', sinceAt: null, tookMs: 900 },
              { label: 'plan', state: 'done', sinceAt: null, tookMs: 1_400 },
              { label: 'behaviour', state: 'failed', sinceAt: null, tookMs: 62_000 },
              { label: 'build', state: 'now', sinceAt: now, tookMs: null },
              { label: 'check', state: 'todo', sinceAt: null, tookMs: null },
            ],
          },
        ],
        actions: [
          {
            name: 'stop',
            label: 'Stop',
            style: 'danger',
            confirm: 'Its work so far is kept. Stop it?',
            input: null,
            command: { type: 'stop', taskId: 'task-12' },
          },
        ],
      }),
    },
    {
      at: at('13:01'),
      draft: draft('assign', task, persona('tess'), {
        kind: 'packet',
        lead: 'I hand Mason the plan.',
        blocks: [
          {
            type: 'fold',
            summary: 'The assignment',
            blocks: [{ type: 'text', text: 'Branch `factory/12-slugs`, from `main`.' }],
          },
        ],
      }),
    },
    {
      at: at('13:02'),
      draft: draft('plan', task, persona('mason'), {
        kind: 'packet',
        lead: '3 steps, 2 files.',
        blocks: [
          {
            type: 'fold',
            summary: 'The plan',
            blocks: [
              {
                type: 'code',
                path: 'plan.json',
                language: 'json',
                text: '{ "steps": 3, "a": "a line that goes on and on and on and on and on and on and on and on and on and on" }',
              },
            ],
          },
        ],
      }),
    },
    {
      at: at('13:03'),
      draft: draft('build', task, persona('ollan'), {
        kind: 'packet',
        lead: 'Two files changed. The code is Ana’s, from message 1.',
      }),
    },
    { at: at('13:20'), draft: draft('review', task, persona('vera'), review) },
    {
      at: at('13:21'),
      draft: draft('memory', task, persona('moltbot'), {
        kind: 'notice',
        lead: 'Next time: ask for titles without letters first.',
      }),
    },
    {
      at: at('09:00'),
      draft: draft(
        'hello',
        channel,
        { kind: 'factory', name: 'Workbench' },
        { kind: 'notice', lead: 'This project works on `greeter`, branch **main**.' },
      ),
    },
    {
      at: at('09:05'),
      draft: draft('digest', channel, persona('moltbot'), {
        kind: 'outcome',
        tone: 'good',
        lead: 'Task 11 is merged.',
        blocks: [],
        outcome: 'Approved by local · 09:04 · merged as 9ac1f07',
      }),
    },
  ];
}
