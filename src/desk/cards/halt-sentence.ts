import { utcMinute } from '#src/reflection/utc-minute.ts';
import type { HaltView } from '../desk.ts';

export const HOW_TO_GO_ON =
  'An approver lets it go on with `resume all`, or on the command line with `workbench resume`.';

/** What banners say while a halt stands. */
export function haltSentence({ by, at, reason }: HaltView): string {
  const why = reason === null ? '' : `: “${reason}”`;
  return `${by} halted the factory at ${utcMinute(at)}${why}. Nothing works, and nothing is merged. ${HOW_TO_GO_ON}`;
}
