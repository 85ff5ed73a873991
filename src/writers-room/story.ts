import type { Priority } from '#src/inception/canvas.ts';
import type { Violation } from '#src/inception/sequence.ts';
import type { ChangeSet, LeftOut } from './change-set.ts';

/** What the writers' room hands to the backlog for one conversation. */
export interface StoryMap {
  epics: EpicDraft[];
  /** In the order of the waves. */
  stories: StoryDraft[];
  /** Story keys, wave by wave, as the Features Sequencer puts them: what depends on a story sits in a later wave. */
  waves: string[][];
  /** Rules that the waves break; they never block. */
  violations: Violation[];
}

export interface EpicDraft {
  key: string;
  title: string;
}

/** A story before anybody committed to it. Keys are stable across re-writes of the same conversation. */
export interface StoryDraft {
  key: string;
  epicKey: string;
  /** Short, imperative, for a card and a branch name. */
  title: string;
  /** "As a … I want … so that …"; parts that nobody said are left out, never invented. */
  narrative: string;
  priority: Priority;
  /** 1, 2, 3, 5, 8 or 13. */
  points: number;
  criteria: Criterion[];
  /** The criteria as a compiled Gherkin document (checked to hold at least one pickle with steps). */
  gherkin: string;
  dependsOn: string[];
  /** Message positions. */
  evidence: number[];
  /** Code of the conversation that this story owns; null: nothing to build without a model or a person. */
  changeSet: ChangeSet | null;
  /**
   * Blocks of its request that were left out, each with a sentence for a person; with a change set, the same as there.
   * Without one they say why the code in the conversation cannot be used.
   */
  leftOut: LeftOut[];
}

export interface Criterion {
  /** `c1`, `c2`, … within its story. */
  id: string;
  /** One sentence, as a person would say it. */
  text: string;
  given: string[];
  when: string[];
  then: string[];
  evidence: number[];
}
