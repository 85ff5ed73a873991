import type { PastCommit } from '#src/ports/workspace.ts';
import type { WantedPath } from './wanted-paths.ts';

/** The parts of a pack in the order in which they stand in it. */
export const packParts = [
  'project',
  'task',
  'packets',
  'people',
  'evidence',
  'files',
  'tree',
  'lessons',
  'notes',
] as const;
export type PackPart = (typeof packParts)[number];

/** All that a pack may draw on. What comes from people, a repository or a model is wrapped with its origin. */
export interface PackRequest {
  budgetTokens: number;
  project: {
    goal: string | null;
    rules: readonly string[];
    terms: readonly { term: string; meaning: string }[];
    done: readonly string[];
    /** Path patterns that work may not change. */
    protectedAreas: readonly string[];
  };
  task: {
    title: string;
    narrative: string;
    criteria: readonly { id: string; text: string; steps: readonly string[]; evidence: readonly number[] }[];
    constraints: readonly string[];
    openQuestions: readonly string[];
  };
  /** What colleagues handed on, oldest first. */
  packets: readonly { title: string; text: string }[];
  /** What people said in the task's thread, oldest first. */
  steering: readonly { by: string; text: string }[];
  /** The messages that the story rests on, by position. */
  evidence: readonly { position: number; speaker: string; text: string }[];
  /** Paths that must come first, such as the plan's file targets. */
  focus: readonly string[];
  /** Paths that people named for it, and every path of the base: only what stands there is taken. Left out: none. */
  wanted?: { named: readonly string[]; basePaths: readonly string[] };
  repository: RepositoryView;
  /** Lessons that people accepted, best first. Each goes in whole or not at all: half of one may say the opposite. */
  lessons: readonly { id: string; title: string; text: string }[];
  /** What earlier tasks left for later ones, newest first. */
  notes: readonly { title: string; text: string }[];
}

export interface RepositoryView {
  /** Every path of the commit. */
  paths: readonly string[];
  /** See `Workspace.readTexts`. */
  texts: ReadonlyMap<string, string>;
  /** Newest first. */
  history: readonly PastCommit[];
}

/** One thing of a pack, or one that found no room, with the reason in words for a person. */
export interface PackEntry {
  part: PackPart;
  title: string;
  tokens: number;
  why: string;
  /** Of a lesson: its id. */
  lessonId?: string;
  /** Of a file: the line ranges that are shown, 1-based, both ends included. */
  lines?: readonly (readonly [from: number, to: number])[];
  /** What in it looks as if it were meant for the model (`suspicions`); absent where nothing does. */
  suspicions?: readonly string[];
}

/** What a persona is given to think with, and the account of it. Tokens are estimates (`estimateTokens`). */
export interface ContextPack {
  text: string;
  tokens: number;
  parts: { part: PackPart; tokens: number }[];
  included: PackEntry[];
  leftOut: PackEntry[];
  /** What became of the paths that people named. */
  wanted: WantedPath[];
}
