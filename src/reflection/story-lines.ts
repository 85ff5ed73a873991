import { durationWords } from './duration-words.ts';
import type { RunStory } from './run-story.ts';

const MICRO_USD = 1_000_000;

/** A run to read from top to bottom, a line an event: number, time, who, what, how long. */
export function storyLines({ number, runId, beats, state, calls, tokens, costMicroUsd }: RunStory): string[] {
  const width = Math.max(0, ...beats.map(({ who }) => who.length));
  const seqWidth = String(beats.at(-1)?.seq ?? 0).length;
  let day = '';
  const lines = beats.flatMap(({ seq, at, who, text, workMs }) => {
    const took = workMs === null || workMs < 1_000 ? '' : `  (${durationWords(workMs)})`;
    const line = `${String(seq).padStart(seqWidth)}  ${at.slice(11, 19)}  ${who.padEnd(width)}  ${text.replaceAll(/\s+/g, ' ')}${took}`;
    const heading = at.slice(0, 10) === day ? [] : [at.slice(0, 10)];
    day = at.slice(0, 10);
    return [...heading, line];
  });
  const cost = costMicroUsd === 0 ? '' : `, ${(costMicroUsd / MICRO_USD).toFixed(2)} USD`;
  const model =
    calls === 0 ? 'no model was asked' : `${calls} model calls, ${tokens.toLocaleString('en')} tokens${cost}`;
  return [`Task ${number}, run ${runId}`, ...lines, `Then it is ${state.status.replaceAll('-', ' ')}; ${model}.`];
}
