import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { StepContext } from '#src/code-factory/step.ts';
import { buildPack } from '#src/context-pack/build-pack.ts';
import type { PackEntry, PackRequest } from '#src/context-pack/pack.ts';
import { contextPathsIn } from '#src/inception/context-paths.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { readBrief } from './brief.ts';
import { notesOfEarlierTasks } from './earlier-notes.ts';
import { lessonsFor } from './lessons.ts';
import { protectedPathsOf, repositoryOf, rulesAt } from './repository.ts';
import type { StepTools } from './step-tools.ts';

export interface PackOptions {
  persona: PersonaName;
  step: string;
  /** The commit whose files it shows. */
  sha: string;
  /** Of the model that reads it: the pack takes half of it at most, the other half is for the work. */
  windowTokens: number;
  /** The pack never takes more (by `estimateTokens`). Default: 32,000. */
  maxTokens?: number;
  /** What colleagues handed on, oldest first. */
  packets?: readonly { title: string; text: string }[];
  /** Paths that come first, such as the plan's file targets. */
  focus?: readonly string[];
  /** What people said in the task's thread, oldest first. */
  steering?: readonly { by: string; text: string }[];
}

/** `text` goes to the model; `artifact` (kind `context-pack`) holds it with the account of what went in and what did not. */
export interface Pack {
  persona: PersonaName;
  step: string;
  text: string;
  included: readonly PackEntry[];
  artifact: Artifact;
}

/** Code that says more than this about one task was not chosen well. */
const MAX_PACK_TOKENS = 32_000;
/** Beyond these a repository is read in part: a pack must be quick, and such files do not fit anyway. */
const MAX_FILE_BYTES = 256 * 1024;
const MAX_TOTAL_BYTES = 32 * 1024 * 1024;
const MAX_COMMITS = 400;

/**
 * What a persona is given to think with. The same ledger, commit and options give the same pack, as long as no lesson
 * runs out.
 */
export async function packFor(
  tools: Pick<StepTools, 'workspace' | 'unitOfWork'>,
  context: StepContext,
  options: PackOptions,
): Promise<Pack> {
  const { workspace } = tools;
  const { persona, step, sha, windowTokens, maxTokens = MAX_PACK_TOKENS, focus = [] } = options;
  const budgetTokens = Math.min(maxTokens, Math.floor(windowTokens / 2));
  const { task } = context;
  const brief = await readBrief(context);
  const repo = await repositoryOf(tools, task);
  // The rules of the base: a change cannot tell the next persona other ones.
  const baseSha = task.branch?.baseSha ?? sha;
  const rules = await rulesAt(tools, repo, baseSha);
  const evidence = await evidenceOf(tools, brief);
  const wanted = await wantedBy(tools, brief, repo, baseSha);
  const request: PackRequest = {
    budgetTokens,
    project: {
      ...(rules?.context ?? { goal: null, rules: [], terms: [], done: [] }),
      protectedAreas: protectedPathsOf(rules),
    },
    task: {
      title: brief.title,
      narrative: brief.narrative,
      criteria: brief.criteria.map(({ id, text, given, when, then, evidence }) => ({
        id,
        text,
        steps: [...labelled('Given', given), ...labelled('When', when), ...labelled('Then', then)],
        evidence,
      })),
      constraints: brief.constraints,
      openQuestions: brief.openQuestions,
    },
    packets: options.packets ?? [],
    steering: options.steering ?? [],
    evidence,
    focus,
    wanted,
    repository: {
      paths: await pathsAt(tools, repo, sha),
      texts: await workspace.readTexts(repo, sha, { maxFileBytes: MAX_FILE_BYTES, maxTotalBytes: MAX_TOTAL_BYTES }),
      history: await workspace.history(repo, sha, { maxCommits: MAX_COMMITS }),
    },
    lessons: await lessonsFor(tools, context, {
      ...{ persona, brief },
      said: evidence.map(({ text }) => text),
      paths: [...focus, ...wanted.named],
    }),
    notes: await notesOfEarlierTasks(tools, task),
  };
  const pack = buildPack(request);
  return {
    persona,
    step,
    text: pack.text,
    included: pack.included,
    artifact: jsonArtifact('context-pack', { persona, step, sha, budgetTokens, ...pack }),
  };
}

function labelled(label: string, steps: readonly string[]): string[] {
  return steps.map((step, index) => `${index === 0 ? label : 'And'} ${step}`);
}

async function pathsAt({ workspace }: Pick<StepTools, 'workspace'>, repo: RepositoryRef, sha: string) {
  return (await workspace.listTree(repo, sha)).map(({ path }) => path);
}

/** What people listed as context. A name is only a wish: which of them are taken is judged by the base. */
async function wantedBy(
  tools: Pick<StepTools, 'workspace' | 'unitOfWork'>,
  brief: TaskBrief,
  repo: RepositoryRef,
  baseSha: string,
): Promise<NonNullable<PackRequest['wanted']>> {
  const conversation = await tools.unitOfWork.conversations.get(brief.conversationId);
  const named = contextPathsIn(conversation?.messages ?? [], citedBy(brief));
  return { named, basePaths: named.length === 0 ? [] : await pathsAt(tools, repo, baseSha) };
}

function citedBy(brief: TaskBrief): Set<number> {
  return new Set([...brief.evidence, ...brief.criteria.flatMap(({ evidence }) => evidence)]);
}

/** The messages that the brief cites. None where the conversation was forgotten. */
async function evidenceOf(
  { unitOfWork }: Pick<StepTools, 'unitOfWork'>,
  brief: TaskBrief,
): Promise<PackRequest['evidence']> {
  const cited = citedBy(brief);
  const conversation = await unitOfWork.conversations.get(brief.conversationId);
  return (conversation?.messages ?? [])
    .filter(({ position, text }) => cited.has(position) && text !== '')
    .map(({ position, speaker, text }) => ({ position, speaker, text }));
}
