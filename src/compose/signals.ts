import type { SignalsDependencies } from '#bots/signals/create-signals.ts';
import type { SignalSettings } from '../signal-settings.ts';
import { keepOpened } from './keep-opened.ts';
import type { Opened } from './keep-opened.ts';

/** Signals of services, where a secret is set. `onTrouble` is told, in a sentence, why they cannot come in. */
export async function openSignals(
  settings: SignalSettings | null,
  deps: Omit<SignalsDependencies, 'settings' | 'limits'>,
  onTrouble: (sentence: string) => void,
): Promise<Opened> {
  if (settings === null) return { async stop() {} };
  const { startSignals } = await import('#bots/signals/create-signals.ts');
  return keepOpened(() => startSignals({ ...deps, settings }), onTrouble);
}
