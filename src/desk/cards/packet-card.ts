import type { AnyPacket } from '#src/packets/any-packet.ts';
import type { Card, CardBlock } from '#src/ports/chat.ts';
import { action, card, count, item, shortSha, why } from './card-parts.ts';

/** A packet as its persona posts it: one short sentence, the details one press away. */
export function packetCard(packet: AnyPacket, conversationId: string): Card {
  const details = detailsOf(packet, conversationId);
  return card('packet', leadOf(packet), {
    tone:
      packet.type === 'qa-result' && packet.outcome === 'failed' ? 'bad' : packet.type === 'blocker' ? 'bad' : 'plain',
    blocks: details.length === 0 ? [] : [{ type: 'fold', summary: 'Details', blocks: details }],
  });
}

export interface Blocker {
  reason: string;
  fix: string;
  findings: readonly string[];
  taskId: string;
  /** False for a task that never started: there is no run to go on with. */
  mayRetry: boolean;
  /** What came of it; null while it still waits. */
  outcome: string | null;
}

/** A blocker asks: it says what is wrong, what would help, and offers another go. */
export function blockedCard({ reason, fix, findings, taskId, mayRetry, outcome }: Blocker): Card {
  return card('question', outcome === null ? `I cannot go on: ${reason}` : `I could not go on: ${reason}`, {
    tone: outcome === null ? 'bad' : 'plain',
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
            ...(mayRetry ? [action('retry', 'Retry', { type: 'retry', taskId }, { style: 'primary' })] : []),
            action(
              'stop',
              'Stop',
              { type: 'stop', taskId },
              { style: 'danger', confirm: 'Stop this task? Its branch stays; the story goes back to the backlog.' },
            ),
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
      return `${count(packet.criteria.length, 'criterion', 'criteria')} to meet${packet.constraints.length === 0 ? '' : `, ${count(packet.constraints.length, 'constraint')}`}. Over to you, Mason.`;
    case 'plan':
      return `${count(packet.steps.length, 'step')}, ${count(packet.fileTargets.length, 'file')}${packet.risks.length === 0 ? '' : `, ${count(packet.risks.length, 'thing')} to watch`}.`;
    case 'behaviour-lock':
      if (packet.testsSha === null) return packet.notes[0] ?? 'No tests came with this; the criteria are kept.';
      return packet.redOnBase === true
        ? `The tests are in first and fail without the code, as they should.`
        : `The tests are in first. ${packet.notes.at(-1) ?? ''}`.trim();
    case 'build-result':
      if (packet.commits.length === 0) return `The branch holds this already; the head is ${shortSha(packet.headSha)}.`;
      return `${count(packet.files.length, 'file')} on the branch in ${count(packet.commits.length, 'commit')}; the head is ${shortSha(packet.headSha)}.`;
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

function detailsOf(packet: AnyPacket, conversationId: string): CardBlock[] {
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
        ...lines('Constraints', packet.constraints),
        ...lines('Still open', packet.openQuestions),
      ];
    case 'plan':
      return [
        list(
          'Steps',
          packet.steps.map(({ text }) => item(text)),
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
      return [...lines('Tests', packet.testFiles), ...lines('To know', packet.notes)];
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
        ...lines('Outside the plan', packet.outsidePlan),
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

function counts(check: { exitCode: number | null; passed: number | null; failed: number | null }): string {
  if (check.passed === null) return check.exitCode === null ? 'was ended' : `exit code ${check.exitCode}`;
  return `${check.passed} passed, ${check.failed ?? 0} failed`;
}

function list(title: string, items: ReturnType<typeof item>[]): CardBlock {
  return { type: 'list', title, items };
}

function lines(title: string, texts: readonly string[]): CardBlock[] {
  return texts.length === 0
    ? []
    : [
        list(
          title,
          texts.map((text) => item(text)),
        ),
      ];
}
