import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { createRoom } from '#bots/room/create-room.ts';
import { serve } from '#infra/http/serve.ts';
import { silentLog } from '#src/ports/log.ts';
import type { ChatHarness, ChatPerson, PersonName, SeenPost } from '#test/contracts/chat.ts';
import type { Front } from '#test/desk/front.ts';
import { createTempFolder } from '#test/support/temp-folder.ts';
import { token } from './room-client.ts';

/** What a page would send when a button on it is used. */
interface Form {
  path: string;
  fields: Record<string, string>;
}

interface Visitor {
  page(path: string): Promise<string>;
  /** As one of our pages sends it with htmx. */
  send(form: Form): Promise<Response>;
}

/** Each person at a room of their own, over HTTP, on the same desk. A place is the path of its page. */
export async function openRoomChat(front: Front, projectId: string): Promise<ChatHarness> {
  const folder = await createTempFolder();
  const closers: (() => Promise<void>)[] = [];
  const sent: { visitor: Visitor; form: Form }[] = [];

  const enter = async (actor: PersonName): Promise<ChatPerson> => {
    let origin = '';
    const handler = createRoom({
      desk: front.desk,
      actor,
      token,
      origin: () => origin,
      uploadFolder: path.join(folder.path, actor),
      log: silentLog,
    });
    const served = await serve({ handler, port: 0, portIsExplicit: false, log: silentLog });
    origin = served.url;
    closers.push(() => served.close());
    const visitor = await visit(origin);
    return createPerson(actor, projectId, visitor, (form) => void sent.push({ visitor, form }));
  };
  const people = { ana: await enter('ana'), ben: await enter('ben'), cleo: await enter('cleo') };
  return {
    people,
    settle: () => front.mirror(),
    async redeliver() {
      const last = sent.at(-1);
      if (last !== undefined) await last.visitor.send(last.form);
    },
    async close() {
      for (const close of closers) await close();
      await rm(folder.path, { recursive: true, force: true });
    },
  };
}

async function visit(origin: string): Promise<Visitor> {
  const door = await fetch(`${origin}/?token=${token}`, { redirect: 'manual' });
  await door.arrayBuffer();
  const cookie = (door.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const page = async (at: string): Promise<string> => (await fetch(`${origin}${at}`, { headers: { cookie } })).text();
  const csrf = /data-csrf="([^"]+)"/.exec(await page('/setup'))?.[1] ?? '';
  return {
    page,
    send: ({ path: at, fields }) =>
      fetch(`${origin}${at}`, {
        method: 'POST',
        headers: { cookie, origin, 'sec-fetch-site': 'same-origin', 'hx-request': 'true', 'x-csrf-token': csrf },
        body: new URLSearchParams(fields),
        redirect: 'manual',
      }),
  };
}

function createPerson(
  name: PersonName,
  projectId: string,
  visitor: Visitor,
  remember: (form: Form) => void,
): ChatPerson {
  const told: string[] = [];
  const post = async (form: Form): Promise<Response> => {
    const answer = await visitor.send(form);
    const words = /<div class="(?:aside|problem)[^>]*>([\s\S]*?)<\/div>/.exec(await answer.clone().text())?.[1];
    if (words !== undefined) told.push(wordsOf(words).replace('Only you see this. ', ''));
    return answer;
  };
  const say = async (thread: string, text: string, as: 'idea' | 'message'): Promise<Response> => {
    const form = { path: '/say', fields: { thread, text, as, origin: randomUUID() } };
    remember(form);
    return post(form);
  };
  const reads = async (place: { id: string }): Promise<SeenPost[]> =>
    articlesOf(await visitor.page(place.id)).flatMap((article) => {
      const [, kind, id = ''] =
        /^<article class="post (?:continued)? ?(persona|factory)" id="([^"]+)"/.exec(article) ?? [];
      if (kind === undefined) return [];
      const forms = formsOf(article);
      return [
        {
          id,
          by: wordsOf(/<header[^>]*><b[^>]*>([\s\S]*?)<\/b>/.exec(article)?.[1] ?? ''),
          text: wordsOf(article),
          buttons: forms.map(({ label }) => label),
          seen: article,
        },
      ];
    });

  return {
    actor: name,
    name,
    async begin(words) {
      const answer = await say(`project:${projectId}`, words, 'idea');
      const place = answer.headers.get('hx-redirect');
      if (place === null) throw new Error(`no idea began: ${await answer.text()}`);
      return { id: place };
    },
    say: async (place, words) => void (await say(threadAt(place.id), words, 'message')),
    ask: async (words) => void (await say(`project:${projectId}`, words, 'idea')),
    reads,
    readsAll: async (place) =>
      articlesOf(await visitor.page(place.id))
        .map(wordsOf)
        .join('\n'),
    async follows({ text, seen }) {
      const found = /href="(\/(?:tasks|ideas)\/[^"]+)"/.exec(String(seen))?.[1];
      if (found === undefined) throw new Error(`no link leads from there: ${text}`);
      return { id: found };
    },
    async presses({ seen, text }, label, input) {
      const form = formsOf(String(seen)).find((one) => one.label === label);
      if (form === undefined) throw new Error(`there is no button ${label} on: ${text}`);
      await post({ path: '/press', fields: { ...form.fields, ...(input === undefined ? {} : { input }) } });
    },
    opens: async ({ seen }) => wordsOf(String(seen)),
    async asksWhy({ seen }) {
      const asked = [...String(seen).matchAll(/hx-get="(\/why\?[^"]+)"/g)];
      const answers = await Promise.all(asked.map(([, at = '']) => visitor.page(unescaped(at))));
      return answers.map(wordsOf).join('\n');
    },
    told: async () => [...told],
    timesCalled: async () => Number(/data-waiting="(\d+)"/.exec(await visitor.page('/'))?.[1] ?? 0),
    async findsAlive(place) {
      return articlesOf(await visitor.page(place.id)).flatMap((article) => [
        ...(article.match(/<(?:script|iframe|object|embed|form(?! class="press"))[^>]*>/g) ?? []),
        ...(article.match(/<b>/g) ?? []),
        ...(article.match(/\son[a-z]+=/g) ?? []),
        ...(article.match(/\s(?:src|href|action|hx-[a-z]+)="(?:[a-z]+:|\/\/)[^"]*"/g) ?? []),
      ]);
    },
  };
}

function articlesOf(page: string): string[] {
  return [...page.matchAll(/<article [\s\S]*?<\/article>/g)].map(([article]) => article);
}

/** `/ideas/x` is the thread `idea:x`. */
function threadAt(place: string): string {
  const [, folder = '', id = ''] = /^\/(idea|task)s\/(.+)$/.exec(place) ?? [];
  return `${folder}:${decodeURIComponent(id)}`;
}

/** Buttons with what they send. One that asks back has its label on the fold around it. */
function formsOf(article: string): { label: string; fields: Record<string, string> }[] {
  const found = article.matchAll(
    /(?:<details class="ask"[^>]*><summary[^>]*>([\s\S]*?)<\/summary>)?<form class="press"[\s\S]*?<\/form>/g,
  );
  return [...found].map(([form, asks]) => {
    const label = asks ?? /<button class="button[^>]*>([\s\S]*?)<\/button>/.exec(form)?.[1] ?? '';
    const fields = [...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
    return {
      label: wordsOf(label.replace(/<span class="exactly">[\s\S]*?<\/span>/, '')),
      fields: Object.fromEntries(fields.map(([, key = '', value = '']) => [key, unescaped(value)])),
    };
  });
}

function wordsOf(markup: string): string {
  return unescaped(markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' '))
    .replaceAll(/ ([.,;:])/g, '$1')
    .trim();
}

function unescaped(text: string): string {
  return text
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&');
}
