import { ModelFailure } from '#src/ports/model-failure.ts';
import type { JsonSchema, ModelAnswer, ModelProbe, ModelRequest } from '#src/ports/model.ts';
import type { Endpoint } from './call-fault.ts';
import type { Feature } from './dialect.ts';
import { readObject } from './json-in-text.ts';

export interface Probing {
  endpoint: Endpoint;
  complete(request: ModelRequest, signal: AbortSignal): Promise<ModelAnswer>;
  shortcomings(): readonly string[];
  /** From now on this is done in another way. Returns the way back. */
  doWithout(feature: Feature): () => void;
  signal: AbortSignal;
}

/** Models that think first need room for it. */
const ANSWER_TOKENS = 1024;
const WORD: JsonSchema = {
  type: 'object',
  properties: { word: { type: 'string' } },
  required: ['word'],
  additionalProperties: false,
};
const plain = (text: string): ModelRequest => ({
  messages: [{ role: 'user', text }],
  tools: [],
  answer: null,
  maxAnswerTokens: ANSWER_TOKENS,
});

/** Three small calls: key and model, tools, structured answer. Servers that ignore what they lack are found out too. */
export async function probeModel({
  endpoint,
  complete,
  shortcomings,
  doWithout,
  signal,
}: Probing): Promise<ModelProbe> {
  const { host, model } = endpoint;
  const callsTool = async () => {
    const request: ModelRequest = {
      ...plain('Use the tool "echo" with the word "ready".'),
      tools: [{ name: 'echo', description: 'Says the word back.', parameters: WORD }],
    };
    const { toolCalls } = await complete(request, signal);
    return toolCalls.some(({ name, arguments: given }) => name === 'echo' && readObject(given) !== null);
  };
  const answersInShape = async () => {
    // Without a word about JSON: only a server that holds the answer to its schema, or says it itself, gets it right.
    const { text } = await complete(
      { ...plain('Answer with the word "ready".'), answer: { name: 'probe', schema: WORD } },
      signal,
    );
    return text !== null && typeof readObject(text)?.['word'] === 'string';
  };

  try {
    await complete(plain('Answer with the word "ready".'), signal);
    const own: string[] = [];
    if (!(await callsTool())) {
      const undo = doWithout('tools');
      if (!(await callsTool())) {
        undo();
        own.push(`${model} did not use a tool when it was asked to; its work will be poor.`);
      }
    }
    // A server found to ignore the schema is told it in words from then on, hence the second go.
    if (!(await answersInShape()) && !(await answersInShape())) {
      own.push(`${model} did not answer in the form that it was asked for; its work will be poor.`);
    }
    const lacks = [...shortcomings(), ...own];
    const works = lacks.length === 0 ? 'Tools and structured answers work.' : lacks.join(' ');
    return { ok: true, detail: `${model} at ${host} answers. ${works}`, shortcomings: lacks };
  } catch (error) {
    if (error instanceof ModelFailure) return { ok: false, reason: error.message, fix: error.fix };
    throw error;
  }
}
