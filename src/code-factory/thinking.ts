import type { ModelCalls } from '#src/model-calls/model-calls.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { Task } from './task.ts';

/** How the steps of the line reach a model and what people say meanwhile. They hold no keys and no database. */
export interface Thinking {
  /**
   * The calls of one step. null: no model is set up, people switched it off for the project or the conversation, or the
   * task takes a merged change back.
   */
  open(task: Task, step: string, persona: PersonaName): Promise<ModelCalls | null>;
  /** The calls with which a conversation is read, before there is a task. `occasion`: the hash of its words. */
  openConversation(
    conversation: { projectId: string; conversationId: string; occasion: string },
    step: string,
    persona: PersonaName,
  ): Promise<ModelCalls | null>;
  /**
   * All that people said in the task's thread for whoever works on it, oldest first. What nobody had heard yet is
   * recorded as heard by this persona, once. What is meant for another persona waits for its next step.
   */
  hear(task: Task, persona: PersonaName): Promise<readonly Steering[]>;
}

/** A person's reply in a task's thread. Guidance for the work, never an authority over the factory. */
export interface Steering {
  steeringId: string;
  by: string;
  /** ISO 8601 UTC. */
  at: string;
  text: string;
  /** Not heard by anybody before. */
  isNew: boolean;
}
