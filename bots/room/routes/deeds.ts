import type { Hono } from 'hono';
import { html } from 'hono/html';
import type * as z from 'zod';
import { isCommandOrAside } from '#src/desk/say.ts';
import type { DeskAnswer, ThreadRef } from '#src/ports/chat.ts';
import { displayName } from '#src/ports/personas.ts';
import { drawPosts } from '../cards/post.ts';
import { pressForm, readForm, repositoryForm, sayForm } from '../forms.ts';
import { nothing, type Html } from '../html.ts';
import { feedId, headId, drawScope } from '../live/scope.ts';
import { lookOf, wantsPiece, type Room, type RoomContext, type RoomEnv } from '../room.ts';
import { postUrl, reflectionUrl, threadUrl } from '../urls.ts';
import { fromHome } from './begin.ts';
import { composerId, originField } from '../views/composer.ts';
import { drawAside, drawLater } from '../views/problem.ts';
import { REFLECTION_ID, drawReflectionPosts } from '../views/reflection.ts';
import { reflectionPages } from '../views/reflection-pages.ts';
import { drawBound } from '../views/repository.ts';
import { drawPlainPage } from '../views/shell.ts';
import { settle } from './settle.ts';

/** What people do: say, press, begin. */
export function addDeeds(app: Hono<RoomEnv>, room: Room): void {
  /** An answer for one person: a line where they asked, never a post. */
  const answer = (
    c: RoomContext,
    said: DeskAnswer,
    back: string,
    rest: Html = nothing,
  ): Response | Promise<Response> => {
    if (!wantsPiece(c)) {
      if (said.ok) return c.redirect(back, 303);
      return c.html(
        drawPlainPage('That was not done', html`<p>${said.text}</p><p><a href="${back}">Back</a></p>`, {
          asset: room.assets.url,
        }),
        409,
      );
    }
    const by = said.ok && said.by !== undefined ? `${displayName(said.by)}: ` : '';
    const more =
      said.ok && said.at !== undefined ? html` <a href="${postUrl(said.at)}">Open it in its thread</a>` : nothing;
    const words = said.text === null ? html`<span></span>` : drawAside(said.ok, `${by}${said.text}`, more);
    const later = said.ok && said.later !== undefined ? drawLater(room.later.add(said.later)) : nothing;
    return c.html(html`${words}${later}${rest}`, said.ok ? 200 : 409);
  };

  /** The thread as it is now, swapped in by id: what the live stream would bring a moment later. */
  const threadNow = async (c: RoomContext, thread: ThreadRef): Promise<Html> => {
    const view = await room.desk.thread(thread);
    if (view === null) return nothing;
    const posts = drawPosts(view.posts, lookOf(c, room));
    return html`<hx-partial hx-target="#${feedId(thread)}" hx-swap="posts">${posts.map((post) => post.html)}</hx-partial>`;
  };

  app.get('/answers/:id', (c) => {
    const answer = room.later.get(c.req.param('id'));
    if (answer === 'waiting') return c.body(null, 204);
    return c.html(answer.text === null ? html`<span></span>` : drawAside(true, answer.text));
  });

  const press = ({
    post,
    version,
    action,
    input: words = '',
    chosen,
  }: z.output<typeof pressForm>): Promise<DeskAnswer> =>
    room.desk.press({
      actor: room.actor,
      postId: post,
      postVersion: version,
      action,
      input: words.trim() === '' ? null : words.trim(),
      ...(Object.keys(chosen).length === 0 ? {} : { chosen }),
    });

  app.post('/press', async (c) => {
    const form = await readForm(c, pressForm);
    const said = await press(form);
    return answer(c, said, threadUrl(form.thread), said.ok ? await threadNow(c, form.thread) : nothing);
  });

  /** The same cards on a page of their own, which is drawn again. */
  for (const { page } of reflectionPages) {
    app.post(`/projects/:id/${page}`, async (c) => {
      const id = c.req.param('id');
      const said = await press(await readForm(c, pressForm));
      const view = said.ok ? await room.desk.reflection(id, page) : null;
      if (view === null) return answer(c, said, reflectionUrl(id, page));
      const now = drawReflectionPosts(id, page, view, lookOf(c, room));
      const drawn = html`<hx-partial hx-target="#${REFLECTION_ID}" hx-swap="outerMorph">${now}</hx-partial>`;
      return answer(c, said, reflectionUrl(id, page), drawn);
    });
  }

  app.post('/say', async (c) => {
    const form = await readForm(c, sayForm);
    const { thread, text } = form;
    const formId = composerId(thread);
    const fresh = html`<hx-partial hx-target="#${formId}-origin" hx-swap="outerHTML">${originField(formId, room.newOriginId())}</hx-partial>`;
    if (form.as === 'idea' && thread.kind === 'project' && !isCommandOrAside(text)) {
      const { conversationId } = await room.desk.startIdea(room.actor, thread.id, text, form.origin);
      return settle(c, threadUrl({ kind: 'idea', id: conversationId }));
    }
    const said = await room.desk.say({
      actor: room.actor,
      thread,
      text,
      originId: form.origin,
      at: room.clock.now().toISOString(),
    });
    if (said.ok) c.header('hx-trigger', 'room:said');
    // Sent again after a refusal, the words are a new message: under the old name they would count as told already.
    return answer(c, said, threadUrl(thread), said.ok ? html`${fresh}${await threadNow(c, thread)}` : fresh);
  });

  app.post('/sample', async (c) => {
    const { conversationId } = await room.desk.trySample(room.actor);
    return settle(c, threadUrl({ kind: 'idea', id: conversationId }));
  });

  app.post('/projects/:id/repository', async (c) => {
    const form = await readForm(c, repositoryForm);
    const projectId = c.req.param('id');
    const facts = await room.desk.bindRepository(
      room.actor,
      projectId,
      fromHome(form.path),
      form.base === '' ? null : form.base,
    );
    const thread: ThreadRef = { kind: 'project', id: projectId };
    if (!wantsPiece(c)) return c.redirect(threadUrl(thread), 303);
    const drawing = await drawScope(
      room.desk,
      { page: 'thread', thread, projectId: null, rail: false },
      lookOf(c, room),
    );
    const head = drawing?.regions.find((region) => region.id === headId(thread));
    return c.html(
      html`${drawBound(facts)}${head === undefined ? nothing : html`<hx-partial hx-target="#${head.id}" hx-swap="outerMorph">${head.html}</hx-partial>`}`,
    );
  });
}
