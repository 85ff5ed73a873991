import { expect, onTestFinished } from 'vitest';
import { startScriptedModel } from '#test/support/scripted-model.ts';
import type { ModelProxy, ModelProxyOptions } from '#test/support/model-proxy.ts';
import { createTeam, placeOf } from '#test/support/scripted-team.ts';
import type { Place } from '#test/support/scripted-team.ts';
import { chatgptConversation, writeExport } from './talk.ts';
import type { Turn } from './talk.ts';
import type { TestWorkbench } from './workbench.ts';

/** A person asks, says what counts, and nobody writes any code. */
export const noCode: readonly Turn[] = [
  ['user', 'Please write a function double(n) in src/double.js. double(4) must return 8.'],
];

export const WRITE = ['--write', '--approve-as', 'local'] as const;

/** A team behind a proxy, and the settings that lead a process there. It goes away with the test. */
export async function startTeam(
  moves: Parameters<typeof createTeam>[0] = {},
  options: Pick<ModelProxyOptions, 'refuse' | 'hold'> = {},
): Promise<ModelProxy & { env: Readonly<Record<string, string>> }> {
  const proxy = await startScriptedModel(createTeam(moves), options);
  let closed: Promise<void> | null = null;
  onTestFinished(() => (closed ??= proxy.close()));
  return {
    ...proxy,
    env: modelEnv(proxy.url),
    close: () => (closed ??= proxy.close()),
  };
}

export function modelEnv(url: string): Readonly<Record<string, string>> {
  return {
    OPENAI_MODEL: 'scripted',
    OPENAI_BASE_URL: url,
    OPENAI_API_KEY: 'the-key',
    MODEL_PRICES: 'scripted=1/2',
  };
}

/** Each test has a conversation of its own, for one conversation belongs to one project for good. */
export function writeTalk(workbench: TestWorkbench, name: string, turns: readonly Turn[] = noCode): string {
  return writeExport(workbench.folder, `${name}.json`, chatgptConversation(name, turns));
}

/** OpenAI would have taken every request. */
export function expectTaken({ requests }: Pick<ModelProxy, 'requests'>): void {
  expect(requests.flatMap(({ refused }) => (refused === null ? [] : [refused]))).toEqual([]);
}

/** Who was asked, in order, each run of the same place once. */
export function placesOf({ requests }: Pick<ModelProxy, 'requests'>): Place[] {
  const places = requests.map(({ body }) => placeOf(body));
  return places.filter((place, index) => place !== places[index - 1]);
}
