import { contentOf } from '#src/ledger/artifact.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { IncidentRow } from '#src/ledger/reflection-rows.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import { readRules } from '#src/qa/read-rules.ts';
import { incidentTalk, talkIdOf } from '#src/reflection/incidents/incident-talk.ts';
import { incidentStream, severities } from '#src/reflection/incidents/incident.ts';
import type { DeskTools } from './desk-tools.ts';
import { takeIn } from './take-in.ts';

type Tools = Pick<DeskTools, 'unitOfWork' | 'workspace' | 'clock' | 'ids' | 'log' | 'modelFor'>;

/** From here on trouble becomes a story where the project says nothing of it. */
const STORY_FROM = 'error';
const LOOK_MS = 5_000;
/** A repository whose rules could not be read is asked again after this. */
const REST_MS = 60_000;

/**
 * Has incidents become bug stories, each once, as far as their projects let them. Nothing is committed by that: the stories
 * wait for a person, as every other.
 */
export function keepWritingUp(tools: Tools): Rounds {
  const { unitOfWork, clock, log } = tools;
  /** What was not written up, how bad it was then, and until when it is left alone; null: until it gets worse. */
  const left = new Map<string, { severity: IncidentRow['severity']; untilMs: number | null }>();

  const look = async (): Promise<void> => {
    const open = await unitOfWork.tables.find('incidents', { status: 'open', conversationId: null });
    const now = clock.now().getTime();
    const ids = new Set(open.map(({ id }) => id));
    for (const id of left.keys()) if (!ids.has(id)) left.delete(id);
    for (const incident of open) {
      const { id, severity } = incident;
      const before = left.get(id);
      if (before?.severity === severity && (before.untilMs === null || now < before.untilMs)) continue;
      try {
        if (await becomesStory(tools, incident)) await writeUp(tools, incident);
        else left.set(id, { severity, untilMs: null });
      } catch (error) {
        left.set(id, { severity, untilMs: now + REST_MS });
        log.warn({ incident: id, error: String(error) }, 'an incident could not be written up; tried again');
      }
    }
  };

  return keepGoing({
    everyMs: LOOK_MS,
    // One process at a time; the others find it done.
    round: async () => void (await unitOfWork.withLock('incidents', look)),
    onError: (error) => log.error({ error: String(error) }, 'incidents could not be looked at; tried again'),
  });
}

/** By the `factory.yaml` of the base branch. Throws where that cannot be read: then nothing is written. */
async function becomesStory({ unitOfWork, workspace }: Tools, incident: IncidentRow): Promise<boolean> {
  if (incident.severity === 'info') return false;
  const { projectId, severity } = incident;
  const [repo] = await unitOfWork.tables.find('git_repos', { projectId }, { orderBy: '-createdAt', limit: 1 });
  if (repo === undefined) return isFrom(STORY_FROM, severity);
  const { baseSha } = await workspace.refresh(repo);
  const rules = await readRules((path) => workspace.readFile(repo, baseSha, path));
  const from = rules?.storyFrom ?? STORY_FROM;
  return from !== 'none' && isFrom(from, severity);
}

function isFrom(from: IncidentRow['severity'], severity: IncidentRow['severity']): boolean {
  return severities.indexOf(severity) >= severities.indexOf(from);
}

async function writeUp(tools: Tools, incident: IncidentRow): Promise<void> {
  const { unitOfWork, clock } = tools;
  const { id: incidentId, projectId, afterTaskId, fingerprint } = incident;
  const artifact = await unitOfWork.artifacts.get(incident.detailsArtifact);
  const before = afterTaskId === null ? null : await unitOfWork.tables.get('story_tasks', afterTaskId);
  const details = artifact === null ? null : contentOf(artifact);
  const conversation = incidentTalk(incident, { details, before });
  await takeIn(tools, { projectId, conversation, fileHash: null, actor: 'factory' });
  const stream = incidentStream(projectId, fingerprint);
  await retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      transaction.append(stream, (await transaction.events(stream)).length, [
        {
          type: 'incident.written-up',
          body: { incidentId, conversationId: talkIdOf(incidentId) },
          ...factBy('factory', clock.now().toISOString()),
          idempotencyKey: `written-up:${incidentId}`,
        },
      ]);
    }),
  );
}
