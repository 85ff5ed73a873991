import { FactoryError } from '#src/errors.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { StepName } from './task-status.ts';

/**
 * A fault of the factory itself that stopped a step, as it may be told outside of the task's project. It holds nothing
 * that anybody wrote: an error's own message may quote a conversation or a file, so it is left out.
 */
export interface OwnFault {
  /** Stable and kebab-case; `unexpected` where nobody foresaw it. */
  code: string;
  step: StepName;
  persona: PersonaName;
  /** The class of the error, such as `TypeError`. */
  errorName: string;
  /** Places in the factory's own files, innermost first: `src/qa/verdict.ts:40`. */
  frames: string[];
}

/** Codes of the system that say: the machine is full. https://www.man7.org/linux/man-pages/man3/errno.3.html */
const MACHINE_IS_FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'ENOMEM', 'EROFS']);
const MAX_FRAMES = 8;
/** This file is `src/code-factory/own-fault.ts`, so this is the folder of the workbench. */
const HOME = new URL('../../', import.meta.url).pathname;
const OWN_PLACE = /^(?:src|agents|bots|persistence|infra)\/[\w./-]+\.ts:\d+/;

/** What nobody foresaw, and what the code that found it calls a fault of the workbench. null: it is one of the task, or the machine is full. */
export function ownFault(error: unknown, step: StepName, persona: PersonaName): OwnFault | null {
  if (error instanceof FactoryError) {
    return error.isOwnFault ? { code: error.code, step, persona, ...placeOf(error) } : null;
  }
  if (error instanceof Error && MACHINE_IS_FULL.has(String((error as { code?: unknown }).code))) return null;
  return { code: 'unexpected', step, persona, ...placeOf(error) };
}

function placeOf(error: unknown): Pick<OwnFault, 'errorName' | 'frames'> {
  if (!(error instanceof Error)) return { errorName: 'Error', frames: [] };
  const errorName = /^[A-Z]\w{0,60}$/.test(error.name) ? error.name : 'Error';
  return { errorName, frames: ownFrames(error) };
}

/** Frames come after the message, which may itself be written like one. */
function ownFrames({ stack = '', message }: Error): string[] {
  const start = stack.indexOf(message);
  if (start === -1) return [];
  return stack
    .slice(start + message.length)
    .split('\n')
    .flatMap((line) => {
      const at = line.indexOf(HOME);
      return (at === -1 ? null : OWN_PLACE.exec(line.slice(at + HOME.length))?.[0]) ?? [];
    })
    .slice(0, MAX_FRAMES);
}
