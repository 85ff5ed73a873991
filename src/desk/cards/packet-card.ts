import type { AnyPacket } from '#src/packets/any-packet.ts';
import type { BuildResultPacket } from '#src/packets/build-result.ts';
import type { PlanPacket } from '#src/packets/plan.ts';
import type { Card, CardBlock, CardListItem } from '#src/ports/chat.ts';
import { action, card, count, item, shortSha, why } from './card-parts.ts';
import { remarksBlock } from './remarks.ts';

/** The messages behind a sentence of the canvas that a packet repeats. */
export type EvidenceOf = (text: string) => readonly number[];

/** A packet as its persona posts it: one short sentence, the details one press away. */
export function packetCard(packet: AnyPacket, conversationId: string, evidenceOf: EvidenceOf = () => []): Card {
  const details = [...detailsOf(packet, conversationId, evidenceOf), ...modelBlocks(packet)];
  return card('packet', leadOf(packet), {
    tone:
      packet.type === 'qa-result' && packet.outcome === 'failed' ? 'bad' : packet.type === 'blocker' ? 'bad' : 'plain',
    blocks: [
      ...(details.length === 0 ? [] : [{ type: 'fold' as const, summary: 'Details', blocks: details }]),
      ...(packet.type === 'qa-result' ? remarksBlock(packet.remarks) : []),
    ],
  });
}

export interface Blocker {
  reason: string;
  fix: string;
  findings: readonly string[];
  taskId: string;
  /** A person wants something else; nothing is wrong. */
  isWish: boolean;
  /** False for a task that never started: there is no run to go on with. */
  mayRetry: boolean;
  /** Another go would end the same; a person has to do it on the branch. */
  isForHands: boolean;
  /** Asked before the task is stopped. */
  stopWords: string;
  /** What came of it; null while it still waits. */
  outcome: string | null;
}

/** A blocker asks: it says what is wrong, what would help, and offers another go. */
export function blockedCard(blocker: Blocker): Card {
  const { reason, fix, findings, taskId, isWish, mayRetry, isForHands, stopWords, outcome } = blocker;
  const lead = outcome === null ? `I cannot go on: ${reason}` : `I could not go on: ${reason}`;
  return card('question', isWish ? reason : lead, {
    tone: outcome !== null ? 'plain' : isWish ? 'waiting' : 'bad',
    blocks: [
      { type: 'text', text: fix },
      ...(findings.length === 0
        ? []
        : [
            {
              type: 'list' as const,
              title: 'What was found',
              items: findings.map((finding) => item(finding, { mark: 'failed' })),
            },
          ]),
    ],
    actions:
      outcome === null
        ? [
            // For a wish it is not what helps most: that is said in the card.
            ...(isForHands
              ? [action('take-over', 'Take over', { type: 'take-over', taskId }, { style: 'primary' })]
              : []),
            ...(mayRetry && !isForHands
              ? [action('retry', 'Retry', { type: 'retry', taskId }, { style: isWish ? 'plain' : 'primary' })]
              : []),
            action('stop', 'Stop', { type: 'stop', taskId }, { style: 'danger', confirm: stopWords }),
          ]
        : [],
    outcome,
  });
}

function leadOf(packet: AnyPacket): string {
  switch (packet.type) {
    case 'assignment':
      return `Piper, please take **${packet.title}**. The branch \`${packet.branch}\` is ready.`;
    case 'scope':
      return `${count(packet.criteria.length, 'criterion', 'criteria')} to meet${packet.constraints.length === 0 ? '' : `, ${count(packet.constraints.length, 'constraint')}`}.${packet.refused.length === 0 ? '' : ` ${count(packet.refused.length, 'proposal')} of the model ${packet.refused.length === 1 ? 'was' : 'were'} refused.`} Over to you, Mason.`;
    case 'plan':
      return `${count(packet.steps.length, 'step')}, ${fileWords(packet.fileTargets)}${packet.risks.length === 0 ? '' : `, ${count(packet.risks.length, 'thing')} to watch`}.`;
    case 'behaviour-lock':
      if (packet.testsSha === null) return packet.notes[0] ?? 'No tests came with this; the criteria are kept.';
      if (packet.redOnBase === true)
        return `${packet.writtenBy === 'vera' ? 'I wrote the tests; they' : 'The tests'} are in first and fail without the code, as they should.`;
      return packet.writtenBy === 'vera'
        ? 'I wrote the tests and they are in first. The base is red already, so whether they fail without the code cannot be told.'
        : `The tests are in first. ${packet.notes.at(-1) ?? ''}`.trim();
    case 'build-result':
      if (packet.commits.length === 0) return `The branch holds this already; the head is ${shortSha(packet.headSha)}.`;
      return buildLead(packet);
    case 'qa-result': {
      const proven = packet.proofs.filter(({ state }) => state === 'proven').length;
      if (packet.outcome === 'no-checks')
        return 'This repository has no checks, so I could run nothing. I do not call that passed.';
      if (packet.outcome === 'passed') return `The checks pass: ${proven} of ${packet.proofs.length} criteria proven.`;
      return `The checks fail: ${packet.findings[0]?.text ?? 'see the details'}`;
    }
    case 'blocker':
      return `I cannot go on: ${packet.reason}`;
  }
}

/** More of them are one press away. */
const FILES_NAMED = 2;

function fileWords(files: readonly { path: string }[]): string {
  const names = files.length > FILES_NAMED ? [] : files.map(({ path }) => `\`${path}\``);
  return [count(files.length, 'file'), names.join(' and ')].filter((part) => part !== '').join(': ');
}

function detailsOf(packet: AnyPacket, conversationId: string, evidenceOf: EvidenceOf): CardBlock[] {
  const whySaid = (text: string) => why(conversationId, evidenceOf(text));
  switch (packet.type) {
    case 'assignment':
      return [
        { type: 'text', text: packet.narrative },
        {
          type: 'facts',
          facts: [
            { label: 'From', value: shortSha(packet.baseSha) },
            { label: 'Points', value: String(packet.points) },
          ],
        },
      ];
    case 'scope':
      return [
        list(
          'Counts as done when',
          packet.criteria.map(({ text, evidence }) => item(text, { mark: 'open', why: why(conversationId, evidence) })),
        ),
        ...lines('Constraints', packet.constraints, whySaid),
        ...lines('Still open', packet.openQuestions, whySaid),
        ...lines('Proposed by the model and refused', packet.refused),
      ];
    case 'plan':
      return [
        list(
          'Steps',
          packet.steps.map(({ text, files }) =>
            item(text, { why: why(conversationId, evidenceOfStep(packet, files)) }),
          ),
        ),
        list(
          'Files',
          packet.fileTargets.map(({ path, action: verb, why: reason, evidence }) =>
            item(`\`${path}\``, { detail: `${verb}: ${reason}`, why: why(conversationId, evidence) }),
          ),
        ),
        ...lines('To watch', packet.risks),
        { type: 'text', text: `To undo it: ${packet.rollback}` },
      ];
    case 'behaviour-lock':
      return [...lines(testsTitle(packet.writtenBy), packet.testFiles), ...lines('To know', packet.notes)];
    case 'build-result':
      return [
        list(
          'Commits',
          packet.commits.map(({ sha, title }) => item(title, { detail: shortSha(sha) })),
        ),
        list(
          'Files',
          packet.files.map(({ path, added, removed }) => item(`\`${path}\``, { detail: `+${added} −${removed}` })),
        ),
        ...lines('Tests that were touched', packet.testsTouched),
        ...lines('Outside the plan', packet.outsidePlan),
        ...lines('Cleaning up', packet.cleanUp === null ? [] : [cleanUpSentence(packet.cleanUp)]),
        ...(packet.leftOut.length === 0
          ? []
          : [
              list(
                'Left out',
                packet.leftOut.map(({ path, reason }) => item(`\`${path}\``, { detail: reason })),
              ),
            ]),
      ];
    case 'qa-result':
      return [
        list(
          'Checks',
          packet.checks.map((check) =>
            item(`\`${check.command}\``, { mark: check.exitCode === 0 ? 'done' : 'failed', detail: counts(check) }),
          ),
        ),
        ...(packet.findings.length === 0
          ? []
          : [
              list(
                'Findings',
                packet.findings.map(({ text }) => item(text, { mark: 'failed' })),
              ),
            ]),
        ...(packet.knownBefore.length === 0
          ? []
          : [
              list(
                'Failed before this change too',
                packet.knownBefore.map(({ check, test }) => item(test ?? check)),
              ),
            ]),
      ];
    case 'blocker':
      return [{ type: 'text', text: packet.fix }, ...lines('What was found', packet.findings)];
  }
}

function modelBlocks(packet: AnyPacket): CardBlock[] {
  return 'modelNotes' in packet ? lines('To know about the model', packet.modelNotes) : [];
}

function testsTitle(writtenBy: 'conversation' | 'vera' | null): string {
  if (writtenBy === null) return 'Tests';
  return writtenBy === 'vera' ? 'Tests, written by Vera with a model' : 'Tests, from the conversation';
}

function buildLead(packet: BuildResultPacket): string {
  const { testsTouched, files, commits, headSha } = packet;
  const facts = `${count(files.length, 'file')} on the branch in ${count(commits.length, 'commit')}; the head is ${shortSha(headSha)}.`;
  const touched =
    testsTouched.length === 0 ? '' : ` It touches ${count(testsTouched.length, 'test file')} that it is judged by.`;
  return `${facts}${touched}${authorSentence(packet)}`;
}

/** What a model says of its own work is told as its words; the facts are told before it. */
function authorSentence({ model, summary }: BuildResultPacket): string {
  if (model === null) return summary === null ? '' : ` ${summary}`;
  return ` Written with ${model}${summary === null || summary === '' ? '.' : `, which says: "${summary}"`}`;
}

function cleanUpSentence({ kept, reason }: NonNullable<BuildResultPacket['cleanUp']>): string {
  // Why nothing was kept is a whole sentence; what was kept is the model's own.
  return kept ? `Kept: ${reason}` : reason;
}

function counts(check: { exitCode: number | null; passed: number | null; failed: number | null }): string {
  if (check.passed === null) return check.exitCode === null ? 'was ended' : `exit code ${check.exitCode}`;
  return `${check.passed} passed, ${check.failed ?? 0} failed`;
}

function list(title: string, items: ReturnType<typeof item>[]): CardBlock {
  return { type: 'list', title, items };
}

/** What its files rest on; a step without any of its own rests on what the whole plan does. */
function evidenceOfStep({ fileTargets }: PlanPacket, files: readonly string[]): number[] {
  const evidence = (some: PlanPacket['fileTargets']) => [...new Set(some.flatMap((target) => target.evidence))];
  const own = evidence(fileTargets.filter(({ path }) => files.includes(path)));
  return (own.length > 0 ? own : evidence(fileTargets)).toSorted((a, b) => a - b);
}

function lines(
  title: string,
  texts: readonly string[],
  whyOf: (text: string) => CardListItem['why'] = () => null,
): CardBlock[] {
  return texts.length === 0
    ? []
    : [
        list(
          title,
          texts.map((text) => item(text, { why: whyOf(text) })),
        ),
      ];
}
