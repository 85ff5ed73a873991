import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { AnyPacket } from '#src/packets/any-packet.ts';

/** Events that a reader of a run learns nothing from. */
const SILENT: ReadonlySet<string> = new Set(['pass.started', 'steering.heard', 'memory.noted']);

/** What an event says in one line, with what its packet adds; null: nothing that a reader wants. */
export function beatSentence(event: RecordedEvent, packet: AnyPacket | null): string | null {
  if (SILENT.has(event.type)) return null;
  return ofPacket(packet) ?? ofEvent(event) ?? wordsOf(event.type);
}

/** What somebody is given to think with, by the numbers of the lessons. */
export function lessonsSentence(numbers: readonly number[]): string {
  const [last, ...before] = numbers.toReversed();
  if (before.length === 0) return `is given lesson ${last ?? '?'} to think with`;
  return `is given lessons ${before.toReversed().join(', ')} and ${last} to think with`;
}

function ofPacket(packet: AnyPacket | null): string | null {
  switch (packet?.type) {
    case 'assignment':
      return `hands out “${packet.title}” on ${packet.branch}`;
    case 'scope':
      return `scopes it: ${counted(packet.criteria.length, 'criterion', 'criteria')}, ${counted(packet.constraints.length, 'constraint')}`;
    case 'plan':
      return `plans ${counted(packet.steps.length, 'step')} in ${packet.fileTargets.map(({ path }) => path).join(', ')}`;
    case 'behaviour-lock':
      return packet.testFiles.length === 0
        ? 'locks the behaviour; no tests came with it'
        : `locks the behaviour: ${packet.testFiles.join(', ')}${redWords(packet.redOnBase)}`;
    case 'build-result':
      return `builds ${counted(packet.files.length, 'file')} in ${counted(packet.commits.length, 'commit')}, ${packet.headSha.slice(0, 7)}`;
    case 'qa-result':
      return verdictWords(packet);
    case 'blocker':
      return `is blocked: ${packet.reason}`;
    default:
      return null;
  }
}

function redWords(redOnBase: boolean | null): string {
  if (redOnBase === null) return '';
  return redOnBase ? ', red before the code' : ', green before the code';
}

function verdictWords({ outcome, findings, checks }: Extract<AnyPacket, { type: 'qa-result' }>): string {
  const ran = checks.map(
    ({ name, exitCode }) => `${name} ${exitCode === 0 ? 'ended well' : `ended with ${exitCode ?? 'no exit code'}`}`,
  );
  const [first] = findings;
  const said = first === undefined ? '' : `: ${first.text}`;
  const words = {
    passed: 'finds it good',
    failed: `finds ${counted(findings.length, 'fault')}`,
    'no-checks': 'could check nothing',
  };
  return `${words[outcome]}${ran.length === 0 ? '' : ` (${ran.join(', ')})`}${said}`;
}

function ofEvent(event: RecordedEvent): string | null {
  if (isEvent(event, 'story.committed')) return `commits the story, ${counted(event.body.points, 'point')}`;
  if (isEvent(event, 'revert.committed')) return `asks to take ${event.body.landed.mergedSha.slice(0, 7)} back`;
  if (isEvent(event, 'pull-request.drafted')) return `opens a draft: ${event.body.url}`;
  if (isEvent(event, 'review.submitted'))
    return `the review of ${event.body.account} stands on ${event.body.headSha.slice(0, 7)}`;
  if (isEvent(event, 'review.outdated')) return `somebody pushed ${event.body.headSha.slice(0, 7)}`;
  if (isEvent(event, 'task.claimed')) return `takes it up, run ${event.body.runNumber}`;
  if (isEvent(event, 'branch.created'))
    return `makes the branch ${event.body.name} at ${event.body.baseSha.slice(0, 7)}`;
  if (isEvent(event, 'retry.scheduled')) return `asks for attempt ${event.body.attempt}`;
  if (isEvent(event, 'task.waiting')) return `waits: ${event.body.text}`;
  if (isEvent(event, 'pull-request.opened'))
    return `asks for a review of ${event.body.headSha.slice(0, 7)}: ${event.body.url}`;
  if (isEvent(event, 'approval.granted')) return `approves ${event.body.headSha.slice(0, 7)}`;
  if (isEvent(event, 'approval.voided')) return `the approval is void: ${event.body.reason.replaceAll('-', ' ')}`;
  if (isEvent(event, 'changes.requested')) return 'asks for changes';
  if (isEvent(event, 'pull-request.rejected')) return 'says no';
  if (isEvent(event, 'pull-request.merged')) return `merges it as ${event.body.mergedSha.slice(0, 7)}`;
  if (isEvent(event, 'pull-request.merged-by-hand')) return `merged by hand as ${event.body.mergedSha.slice(0, 7)}`;
  if (isEvent(event, 'steering.given')) return 'says something in its thread';
  return null;
}

/** `task.taken-over`: "task taken over". */
function wordsOf(type: string): string {
  return type.replaceAll(/[.-]/g, ' ');
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
