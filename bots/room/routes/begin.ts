import { homedir } from 'node:os';
import type { Hono } from 'hono';
import { html } from 'hono/html';
import { titleOf } from '#src/desk/say.ts';
import { FactoryError, toErrorReport } from '#src/errors.ts';
import { bytesSource, type FileSource } from '#src/intake/file-source.ts';
import { readForm, startForm } from '../forms.ts';
import { nothing, type Html } from '../html.ts';
import { wantsPiece, type Room, type RoomContext, type RoomEnv } from '../room.ts';
import { cleanFileName, withUpload } from '../uploads.ts';
import { threadUrl } from '../urls.ts';
import { drawImport, drawImportProblem } from '../views/import-result.ts';
import { drawProblem } from '../views/problem.ts';
import { drawPlainPage } from '../views/shell.ts';
import { settle } from './settle.ts';

const projectUrl = (id: string): string => threadUrl({ kind: 'project', id });

/** How something of one's own comes in: words, a paste, or files. */
export function addBeginnings(app: Hono<RoomEnv>, room: Room): void {
  /**
   * The project of a repository, for something that came along with it. A repository that will not do must not cost
   * what came along: it is told, and can be named again later.
   */
  const openProject = async (repository: string): Promise<{ projectId: string; problem: Html | null }> => {
    try {
      const { projectId } = await room.desk.openProject(room.actor, repository === '' ? null : fromHome(repository));
      return { projectId, problem: null };
    } catch (error) {
      if (!(error instanceof FactoryError)) throw error;
      const { projectId } = await room.desk.createProject(room.actor, nameFor(repository));
      return { projectId, problem: drawProblem(toErrorReport(error).error) };
    }
  };

  const onwards = (c: RoomContext, title: string, words: Html): Response | Promise<Response> =>
    c.html(wantsPiece(c) ? words : drawPlainPage(title, words, { asset: room.assets.url }));

  app.post('/start', async (c) => {
    const form = await readForm(c, startForm);
    const text = form.text.trim();
    if (form.repository === '' && text === '') {
      throw new FactoryError('nothing-to-start', 'There is nothing to start from yet.', {
        fix: 'Name a repository, write a few words, or drop a file.',
      });
    }
    if (text === '') {
      const { projectId } = await room.desk.openProject(room.actor, fromHome(form.repository));
      return settle(c, projectUrl(projectId));
    }
    const { projectId, problem } = await openProject(form.repository);
    const toProject = html`<p><a class="button primary" href="${projectUrl(projectId)}">Go to the project</a></p>`;
    if (form.as === 'conversation') {
      const view = await room.desk.importFile(room.actor, projectId, pasted(text));
      const [only, ...others] = view.conversations;
      const clean = problem === null && view.problems.length === 0 && only?.skipped.length === 0 && others.length === 0;
      if (clean) return settle(c, threadUrl({ kind: 'idea', id: only.id }));
      return onwards(c, 'What came in', html`${problem ?? nothing}${drawImport('What you pasted', view)}${toProject}`);
    }
    const { conversationId } = await room.desk.startIdea(room.actor, projectId, text, room.newOriginId());
    const ideaUrl = threadUrl({ kind: 'idea', id: conversationId });
    if (problem === null) return settle(c, ideaUrl);
    return onwards(
      c,
      'The repository',
      html`${problem}<p>Your idea is kept. The repository can be named in its project.</p><p><a class="button primary" href="${ideaUrl}">Go to the idea</a></p>`,
    );
  });

  /** One file a request, as bare bytes: it goes to the disk in pieces, and the browser can say how far it is. */
  const takeFile = async (c: RoomContext, target: string | null): Promise<Response> => {
    const name = cleanFileName(c.req.header('x-file-name'));
    const announced = Number(c.req.header('content-length') ?? 'none');
    try {
      if (c.req.header('content-type') !== 'application/octet-stream') throw notAFile();
      const result = await withUpload(
        {
          name,
          body: c.req.raw.body ?? new Blob([]).stream(),
          announcedBytes: Number.isNaN(announced) ? null : announced,
        },
        { folder: room.uploadFolder, maxBytes: room.maxUploadBytes },
        async (file) => {
          if (target !== null) return { opened: null, view: await room.desk.importFile(room.actor, target, file) };
          const opening: { projectId: string; problem: Html | null }[] = [];
          const view = await room.desk.importFile(
            room.actor,
            async () => {
              const made = await openProject(decodeHeader(c.req.header('x-repository')));
              opening.push(made);
              return made.projectId;
            },
            file,
          );
          return { opened: opening[0] ?? null, view };
        },
      );
      const { opened, view } = result;
      if (opened === null) return await c.html(drawImport(name, view));
      c.header('x-project', opened.projectId);
      return await c.html(
        html`${opened.problem ?? nothing}${drawImport(name, view)}<p><a class="button primary" href="${projectUrl(opened.projectId)}">Go to the project</a></p>`,
      );
    } catch (error) {
      const { error: report } = toErrorReport(error);
      if (!(error instanceof FactoryError)) room.log.error({ error: report.message }, 'A file could not be taken in.');
      return c.html(
        drawImportProblem(name, report),
        error instanceof FactoryError ? (error.code === 'upload-too-large' ? 413 : 422) : 500,
      );
    }
  };

  app.post('/projects/:id/import', (c) => takeFile(c, c.req.param('id')));

  /** The first file of a drop makes the project; the page sends the others there. */
  app.post('/import', (c) => takeFile(c, null));
}

/** People write `~/code` as their shell would have it. */
export function fromHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path;
}

/** Named by its first words, without who said them: a conversation without a title is called after its file. */
function pasted(text: string): FileSource {
  const words = text.replace(/^[^\s:][^\n:]{0,40}:\s+/, '').replaceAll(/[/\\]/g, ' ');
  return bytesSource(`${titleOf(words)}.txt`, new TextEncoder().encode(text));
}

function nameFor(repository: string): string {
  const last = repository
    .split(/[/\\]/)
    .findLast((part) => part !== '')
    ?.replace(/\.git$/, '');
  return last === undefined || last === '' ? 'first project' : last.slice(0, 80);
}

function decodeHeader(value: string | undefined): string {
  try {
    return decodeURIComponent(value ?? '')
      .trim()
      .slice(0, 4_096);
  } catch {
    return '';
  }
}

function notAFile(): FactoryError {
  return new FactoryError('not-a-file', 'This is not a file as the room’s pages send it.', {
    fix: 'Load the page once more and drop the file again.',
  });
}
