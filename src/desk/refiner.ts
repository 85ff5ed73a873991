import { cutByHalt, haltNow } from '#src/code-factory/halt-watch.ts';
import { checkRefinement } from '#src/inception/check-refinement.ts';
import type { Canvas } from '#src/inception/canvas.ts';
import { extractCanvas } from '#src/inception/extract.ts';
import { recordRefinement } from '#src/inception/keep-canvas.ts';
import type { Refinement } from '#src/inception/refinement.ts';
import { FactoryError } from '#src/errors.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import type { Log } from '#src/ports/log.ts';
import type { KeptConversation, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { mapStories } from '#src/writers-room/keep-stories.ts';
import type { StoryDraft } from '#src/writers-room/story.ts';
import { changeAlone } from './say.ts';
import { redrawIdea } from './take-in.ts';

/** What a model proposes for a conversation. null: no model may read it. Errors: those of the model's port. */
export type ReadConversation = (
  conversation: KeptConversation,
  drafts: { canvas: Canvas; stories: readonly StoryDraft[] },
  signal: AbortSignal,
) => Promise<{ model: string; proposed: Refinement } | null>;

interface RefinerTools {
  unitOfWork: UnitOfWork;
  clock: Clock;
  ids: Ids;
  log: Log;
  modelFor(projectId: string, conversationId: string): Promise<boolean>;
  read: ReadConversation;
}

const LOOK_EVERY_MS = 5000;
/** A model that cannot be had is not asked about the same conversation again before this. */
const RETRY_AFTER_MS = 60_000;
/** People type several lines in a row; one reading of all of them is enough. */
const QUIET_MS = 1500;

/**
 * Lets a model read conversations whose canvas was drawn while one may. It runs behind the deterministic canvas, which
 * is there at once and stays whatever comes of the reading.
 */
export function startRefiner(tools: RefinerTools): Rounds {
  const { unitOfWork, clock, log } = tools;
  const stopped = new AbortController();
  const notBefore = new Map<string, number>();
  const rounds = keepGoing({
    everyMs: LOOK_EVERY_MS,
    async round() {
      if ((await haltNow(unitOfWork.ledger)) !== null) return;
      const now = clock.now().getTime();
      const rows = await unitOfWork.tables.find('inceptions', { refine: true }, { orderBy: 'updatedAt' });
      for (const { conversationId, updatedAt } of rows) {
        if (stopped.signal.aborted) break;
        if (now - Date.parse(updatedAt) < QUIET_MS || now < (notBefore.get(conversationId) ?? 0)) continue;
        await unitOfWork.withLock(`refine:${conversationId}`, async () => {
          const done = await readOne(tools, conversationId, stopped.signal);
          if (!done) notBefore.set(conversationId, clock.now().getTime() + RETRY_AFTER_MS);
        });
      }
    },
    onError(error) {
      if (!stopped.signal.aborted)
        log.warn({ error: String(error) }, 'a conversation could not be read with a model; it is tried again');
    },
  });
  return {
    ...rounds,
    stop() {
      stopped.abort();
      return rounds.stop();
    },
  };
}

/** Codes of a model that may answer later; everything else is an answer, if a useless one. */
const LATER = new Set([
  'model-key-refused',
  'model-unknown',
  'model-busy',
  'model-quota',
  'model-unreachable',
  'budget-reached',
  'factory-halted',
]);

/** False: a model could not be had; it is tried again later. */
async function readOne(tools: RefinerTools, conversationId: string, signal: AbortSignal): Promise<boolean> {
  const conversation = await tools.unitOfWork.conversations.get(conversationId);
  if (conversation === null || !(await tools.modelFor(conversation.projectId, conversationId))) return false;
  const canvas = extractCanvas(conversation);
  const { stories } = mapStories(conversation, canvas);
  try {
    const reading = await cutByHalt(tools.unitOfWork.ledger, signal, (cut) =>
      tools.read(conversation, { canvas, stories }, cut),
    );
    if (reading === null) return false;
    const open = await tools.unitOfWork.tables.find('stories', { conversationId, status: ['proposed', 'removed'] });
    const known = new Set(open.map(({ key }) => key));
    const checked = checkRefinement(conversation, known, reading.proposed);
    await recordRefinement(tools, conversation, { model: reading.model, checked });
  } catch (error) {
    if (signal.aborted || !(error instanceof FactoryError)) throw error;
    tools.log.info({ conversationId, code: error.code }, 'a model did not help with a conversation');
    if (LATER.has(error.code)) return false;
    await recordRefinement(tools, conversation, { model: '', failure: error.code });
    return true;
  }
  await changeAlone(tools, conversationId, (now) => redrawIdea(tools, now.projectId, now));
  return true;
}
