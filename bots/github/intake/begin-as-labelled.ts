import { FactoryError } from '#src/errors.ts';
import { actorOf, hasLabel } from '../github-tools.ts';
import type { GitHubTools } from '../github-tools.ts';
import type { ToldIssue } from '../receiving/told.ts';
import type { MayWrite } from './who-may-write.ts';

/**
 * The label that a person with write access puts on commits the stories of its issue, as far as the project lets such
 * work begin by itself. Everything else, and what the issue comes to say later, waits for a person who commits it.
 */
export async function beginAsLabelled(
  { desk, people, label, log }: Pick<GitHubTools, 'desk' | 'people' | 'label' | 'log'>,
  mayWrite: MayWrite,
  path: string,
  { labelled, number }: Pick<ToldIssue, 'labelled' | 'number'>,
  conversationId: string,
): Promise<void> {
  if (labelled === undefined || !hasLabel([labelled.label], label)) return;
  if (!(await mayWrite(path, labelled.by))) return;
  const about = { surface: 'github', path, issue: number };
  try {
    const actor = actorOf(labelled.by);
    await people.remember(actor, labelled.by);
    const count = await desk.beginStories(actor, conversationId);
    if (count > 0) log.info({ ...about, count }, 'stories of an issue were committed by its label');
  } catch (error) {
    if (!(error instanceof FactoryError)) throw error;
    // The stories are there, and a person can commit them.
    log.warn({ ...about, error: error.message }, 'the rules of the project could not be read, so nothing begins');
  }
}
