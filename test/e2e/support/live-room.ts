import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openWorkbench } from '#src/compose.ts';
import type { Workbench } from '#src/compose.ts';
import { loadConfig } from '#src/config.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { CardAction, CardBlock, Post, ThreadRef } from '#src/ports/chat.ts';
import { kill9, workbenchBelow } from '#test/faults/processes.ts';
import { waitFor } from '#test/support/wait-for.ts';
import type { Ran, Started, TestWorkbench } from './workbench.ts';

/** What the room said to a deed: its words, without the page around them. */
export interface Said {
  ok: boolean;
  text: string;
}

/**
 * A running `start`, used as a browser uses it: every deed goes over HTTP. What came of it is read from the same
 * database by a second workbench that works on nothing.
 */
export interface LiveRoom {
  /** Drops an export on the page, for a repository; answers the conversation. */
  bring(file: string, repository: string): Promise<string>;
  /**
   * Presses *Commit it; Ollan writes it* on the story of a conversation, or the button of another name; answers its task.
   */
  commit(conversationId: string, action?: string): Promise<string>;
  say(taskId: string, text: string): Promise<Said>;
  /** Presses the newest open button of this name in the task's thread, as soon as there is one. */
  press(taskId: string, action: string): Promise<Said>;
  task(taskId: string): Promise<StoryTaskRow>;
  posts(thread: ThreadRef): Promise<Post[]>;
  /** Waits until the task is as wanted. Throws when it ended, or was blocked, otherwise. */
  until(taskId: string, isSo: (task: StoryTaskRow) => boolean): Promise<StoryTaskRow>;
  /** Ctrl-C. */
  stop(): Promise<Ran>;
  kill(): Promise<void>;
  workbench: Workbench;
  /** Puts everything away, the process too. Safe after `stop` and `kill`. */
  close(): Promise<void>;
}

export async function openLiveRoom(test: TestWorkbench, env: Readonly<Record<string, string>>): Promise<LiveRoom> {
  const started = test.start(['start'], { env: { PORT: '0', APPROVERS: 'local', ...env } });
  const address = await addressOf(started);
  const visitor = await enter(address);
  const config = loadConfig({ WORKBENCH_DATA: test.dataDir, LOG_LEVEL: 'silent' }, test.folder);
  const machine = { npmProgram: null, registryHost: null, path: process.env['PATH'] ?? null };
  const workbench = await openWorkbench(config, machine);
  const { posts } = workbench.deskTools('test');
  const { tables } = workbench.unitOfWork;
  let originCount = 0;

  const task = async (taskId: string): Promise<StoryTaskRow> => {
    const row = await tables.get('story_tasks', taskId);
    if (row === null) throw new Error(`there is no task ${taskId}`);
    return row;
  };
  const press = async (thread: ThreadRef, action: string): Promise<Said> => {
    let found: Post | undefined;
    await waitFor(async () => {
      const all = await posts.thread(thread);
      found = all.findLast(({ card }) => actionsOf(card).some(({ name }) => name === action));
      return found !== undefined;
    });
    return visitor.post('/press', {
      post: found?.id ?? '',
      thread: `${thread.kind}:${thread.id}`,
      version: String(found?.version ?? 1),
      action,
    });
  };
  const end = async (signal: 'SIGINT' | 'SIGKILL'): Promise<Ran> => {
    const node = workbenchBelow(started.npm.pid ?? 0);
    if (node !== null && signal === 'SIGKILL') kill9(node);
    if (node !== null && signal === 'SIGINT') process.kill(node, signal);
    return started.ended;
  };

  return {
    workbench,
    task,
    async bring(file, repository) {
      const body = readFileSync(file);
      const headers = {
        'content-type': 'application/octet-stream',
        'x-file-name': path.basename(file),
        'x-repository': encodeURIComponent(repository),
      };
      const page = await (await visitor.send('/import', { headers, body })).text();
      const found = /href="\/ideas\/([^"]+)"/.exec(page)?.[1];
      if (found === undefined) throw new Error(`nothing came in: ${wordsOf(page)}`);
      return decodeURIComponent(found);
    },
    async commit(conversationId, action = 'commit-all') {
      const idea: ThreadRef = { kind: 'idea', id: conversationId };
      let said = await press(idea, action);
      // Piper may have refined the stories since they were read.
      while (said.text.includes('The card changed')) said = await press(idea, action);
      if (!said.ok) throw new Error(said.text);
      const [only, ...others] = await tables.find('story_tasks', { conversationId });
      if (only === undefined || others.length > 0) throw new Error('the conversation did not become one task');
      return only.id;
    },
    say: (taskId, text) => {
      originCount += 1;
      return visitor.post('/say', { thread: `task:${taskId}`, text, origin: `${address}/${originCount}` });
    },
    press: (taskId, action) => press({ kind: 'task', id: taskId }, action),
    posts: (thread) => posts.thread(thread),
    async until(taskId, isSo) {
      let row = await task(taskId);
      while (!isSo(row)) {
        if (['merged', 'cancelled', 'blocked', 'rejected'].includes(row.state)) {
          throw new Error(`the task is ${row.state}: ${row.waitingText}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
        row = await task(taskId);
      }
      return row;
    },
    stop: () => end('SIGINT'),
    async kill() {
      await end('SIGKILL');
    },
    async close() {
      await workbench.close();
      await end('SIGINT');
    },
  };
}

function actionsOf(card: Post['card']): CardAction[] {
  const inBlocks = (blocks: readonly CardBlock[]): CardAction[] =>
    blocks.flatMap((block) =>
      block.type === 'list'
        ? block.items.flatMap((item) => item.actions)
        : block.type === 'fold'
          ? inBlocks(block.blocks)
          : [],
    );
  return [...card.actions, ...inBlocks(card.blocks)];
}

function addressOf({ npm, ended }: Started): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    npm.stdout?.on('data', (text: string) => {
      said += text;
      const found = /^Room: (\S+)$/m.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    ended.then(({ exitCode, stderr }) => reject(new Error(`start ended with ${exitCode}: ${said}${stderr}`)), reject);
  });
}

interface Visitor {
  send(
    path: string,
    request: { headers: Record<string, string>; body: string | Uint8Array<ArrayBuffer> },
  ): Promise<Response>;
  /** A form, as one of our pages sends it. */
  post(path: string, fields: Record<string, string>): Promise<Said>;
}

async function enter(address: string): Promise<Visitor> {
  const { origin } = new URL(address);
  const door = await fetch(address, { redirect: 'manual' });
  await door.arrayBuffer();
  const cookie = (door.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const page = await (await fetch(`${origin}/setup`, { headers: { cookie } })).text();
  const csrf = /data-csrf="([^"]+)"/.exec(page)?.[1] ?? '';
  const own = { cookie, origin, 'sec-fetch-site': 'same-origin', 'hx-request': 'true', 'x-csrf-token': csrf };
  const send: Visitor['send'] = (to, { headers, body }) =>
    fetch(`${origin}${to}`, { method: 'POST', headers: { ...own, ...headers }, body, redirect: 'manual' });
  return {
    send,
    async post(to, fields) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await send(to, { headers, body: new URLSearchParams(fields).toString() });
      const page = await answer.text();
      return { ok: answer.ok, text: wordsOf(page.replace(/<hx-partial[\s\S]*/, '')) };
    },
  };
}

function wordsOf(page: string): string {
  return page
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
