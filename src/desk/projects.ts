import { FactoryError } from '#src/errors.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { RepositoryFacts, Workspace } from '#src/ports/workspace.ts';

type Tools = { unitOfWork: UnitOfWork; clock: Clock; ids: Ids; workspace: Workspace };

const MAX_NAME = 64;

function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, MAX_NAME);
  return slug === '' ? 'project' : slug;
}

export async function createProject(
  { unitOfWork, clock, ids }: Omit<Tools, 'workspace'>,
  actor: string,
  name: string,
): Promise<{ projectId: string }> {
  const trimmed = name.trim().slice(0, MAX_NAME);
  if (trimmed === '')
    throw new FactoryError('no-name', 'A project needs a name.', {
      fix: 'Give it one word, such as the name of its repository.',
    });
  const projectId = ids.next();
  await unitOfWork.transact(async (transaction) => {
    const projects = await transaction.tables.find('projects', {});
    const taken = new Set(projects.map((project) => project.slug));
    let slug = slugOf(trimmed);
    for (let n = 2; taken.has(slug); n += 1) slug = `${slugOf(trimmed)}-${n}`;
    transaction.append(`project:${projectId}`, 0, [
      {
        ...factBy(actor, clock.now().toISOString()),
        type: 'project.created',
        body: { projectId, slug, name: trimmed },
      },
    ]);
  });
  return { projectId };
}

/**
 * The project for something that a person brings along: the one that works on this repository already, else a new one.
 * A repository that will not do throws, and nothing is made.
 */
export async function openProject(tools: Tools, actor: string, repository: string | null): Promise<string> {
  if (repository !== null) {
    return (await projectForRepository(tools, { actor, path: repository, base: null })).projectId;
  }
  const others = await tools.unitOfWork.tables.find('projects', {});
  const name = others.length === 0 ? 'first project' : `project ${others.length + 1}`;
  return (await createProject(tools, actor, name)).projectId;
}

/** Looks at a repository and binds the project to it. The same one again changes nothing. */
export async function bindRepository(
  tools: Tools,
  request: { actor: string; projectId: string; path: string; base: string | null },
): Promise<RepositoryFacts> {
  const facts = await tools.workspace.inspect(request.path, request.base ?? undefined);
  await tools.unitOfWork.transact(async (transaction) => {
    const stream = `project:${request.projectId}`;
    const events = await transaction.events(stream);
    if (events.length === 0)
      throw new FactoryError('no-such-project', 'This project is not here any more.', { fix: 'Make a new one.' });
    const bound = (
      await transaction.tables.find('git_repos', { projectId: request.projectId }, { orderBy: '-createdAt', limit: 1 })
    )[0];
    if (bound !== undefined && bound.path === facts.path && bound.baseBranch === facts.baseBranch) return;
    transaction.append(stream, events.length, [
      {
        ...factBy(request.actor, tools.clock.now().toISOString()),
        type: 'repository.bound',
        body: {
          repoId: tools.ids.next(),
          projectId: request.projectId,
          forge: facts.forge,
          path: facts.path,
          baseBranch: facts.baseBranch,
        },
      },
    ]);
  });
  return facts;
}

/** The project that works on this repository and base; made when there is none. */
export async function projectForRepository(
  tools: Tools,
  request: { actor: string; path: string; base: string | null },
): Promise<{ projectId: string; facts: RepositoryFacts }> {
  const facts = await tools.workspace.inspect(request.path, request.base ?? undefined);
  const repos = await tools.unitOfWork.tables.find(
    'git_repos',
    { path: facts.path, baseBranch: facts.baseBranch },
    { orderBy: '-createdAt' },
  );
  for (const repo of repos) {
    const current = (
      await tools.unitOfWork.tables.find(
        'git_repos',
        { projectId: repo.projectId },
        { orderBy: '-createdAt', limit: 1 },
      )
    )[0];
    if (current?.id === repo.id) return { projectId: repo.projectId, facts };
  }
  const name =
    facts.path
      .split('/')
      .findLast((part) => part !== '' && part !== '.git')
      ?.replace(/\.git$/, '') ?? 'project';
  const { projectId } = await createProject(tools, request.actor, name === '' ? 'project' : name);
  await bindRepository(tools, { actor: request.actor, projectId, path: facts.path, base: facts.baseBranch });
  return { projectId, facts };
}
