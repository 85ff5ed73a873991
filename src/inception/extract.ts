import type { Conversation } from '#src/ports/conversation.ts';
import { readBoundaries, readGoals } from './boundaries.ts';
import type { Canvas } from './canvas.ts';
import { readConstraints } from './constraints.ts';
import { FeatureReader } from './features.ts';
import { PersonaBook } from './personas.ts';
import { readQuestions } from './questions.ts';
import { readConversation } from './statements.ts';
import { readVision } from './vision.ts';

/**
 * Proposes a canvas from what was said, by rules and word lists alone: the same conversation always gives the same canvas.
 * It prefers silence to invention: unsure features are *maybe*, empty vision slots become questions, and what was taken
 * back is never active. Pure; linear in the number of messages.
 */
export function extractCanvas(conversation: Conversation): Canvas {
  const said = readConversation(conversation);
  const personas = new PersonaBook();
  for (const message of said) personas.read(message);
  const withAssistant = said.some((message) => message.role === 'assistant');
  const reader = new FeatureReader(personas, withAssistant);
  for (const [index, message] of said.entries()) reader.read(message, index, said[index + 1]);
  const features = reader.finish(conversation.id, said);
  const vision = readVision(said);
  return {
    conversationId: conversation.id,
    vision,
    isIsNotDoesDoesNot: readBoundaries(said, features),
    goals: readGoals(said),
    personas: personas.finish(),
    features,
    constraints: readConstraints(said),
    openQuestions: readQuestions(said, vision),
  };
}
