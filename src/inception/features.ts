import { readMessage } from './acknowledgement.ts';
import type { CanvasFeature, Priority } from './canvas.ts';
import { addEvidence, type Candidate, type Entry, FeatureBook, rank } from './feature-book.ts';
import { endsAsHeading, type Governing, listOfFirstVersion } from './feature-lists.ts';
import { createFeatureText } from './feature-text.ts';
import { isMeetingTalk, namedPriority, priorityOf, readHeading, readMvp, requirementStrength } from './lexicon.ts';
import { noteMentions } from './mentions.ts';
import type { PersonaBook } from './personas.ts';
import { findProposals } from './find-proposals.ts';
import { type Proposal, readAnswer } from './proposals.ts';
import { asksHow, findRequestPiece } from './request-sentence.ts';
import { type Piece, splitSentences } from './sentences.ts';
import type { Said } from './statements.ts';
import { keyTokens, normalise, overlap } from './tokens.ts';
import { findUserStories } from './user-story.ts';
import { findWithdrawal } from './withdraw.ts';
import { applyWithdrawal, isBroughtBack } from './withdrawals.ts';
import { startsWithVerb, stripAsking } from './wording.ts';

/** How many messages back "that" may point. */
const reach = 4;

/** A story's title in quotes, as people read stories out: "See my results at the end of a round." */
const storyTitle = /(?<=^|^(?:Next|And|Then|Also)[:,]? |[.:!?"] |" And |\bNext: )"([A-Z][a-z]+ [^":]{6,140}?)[.?!]"/g;
const pointsBack =
  /^(?:\W|yes|no|so|and|but|well|then|though|oh|ok(?:ay)?|right|actually|i think|honestly)*\s*(?:this|that|it|they|these|both|optional|should this|let's make (?:it|this|that)|make (?:it|this|that))\b/i;
/** "The next story's priority is Should": about what comes. */
const announces =
  /^(?:so,? |now |and |then )*(?:to )?(?:the |my |our )?(?:next|first|second|third|fourth|last|another|following)\b[^.]{0,60}\b(?:story|stories|one|priority|must|should|could)\b|\b(?:next|last|first) (?:user )?story\b/i;
/** Words of somebody who proposes, not of somebody who describes what is there. */
const proposing = /\b(?:we|could|might|should|would|maybe|perhaps|suggest|let's|what if|how about|i'd)\b/i;
/** What is left after cleaning and yet names nothing that could be built. */
const notAFeature =
  /^(?:it|that|this|these|those|they|he|she|we|you|i|there|here|which|what|how|why|so|or|if|is|are|was|were|has|had|did|does|be|isn't|don't worry|not|assuming|assume|thanks?|call|such|open question|mvp|revisit|think|present|look|say|imagine|try|discuss|wait|remember|consider|already|even|basically|someone|everything|move|or)(?:'s|'re|'ve|'d|'ll)?(?:\s|$)|\b(?:is|are) (?:related|distinct|different|the same|counted)\b/i;

/** "Please give me the complete file" asks for another form of the same thing. */
const asksForTheForm =
  /^(?:give|show|send|post|paste|provide|print|share|repeat|output|write)(?: out)?(?: me| us)? (?:(?:the|that|this|your|all|whole|complete|full|entire|final|updated|latest) )*(?:files?|code|version|diff|patch|script|source)(?: (?:again|please|in full|now|as (?:a )?(?:diff|patch|whole)))*[.!?]*$/i;

/** Reads the features out of a conversation, message by message. */
export class FeatureReader {
  readonly book = new FeatureBook();
  #personas: PersonaBook;
  /** What was spoken of last, and when: what "that" means. */
  #focus: { entries: Entry[]; index: number } = { entries: [], index: -1 };
  /** Proposals of an assistant that wait for a person's word. */
  #proposals: Proposal[] = [];
  /** Ideas of a person in a meeting that another person may take up. */
  #ideas: { entries: Entry[]; speaker: string } = { entries: [], speaker: '' };
  /** "Should this be a must-have?" waits for a yes. */
  #askedPriority: Priority | null = null;
  #withAssistant: boolean;

  constructor(personas: PersonaBook, withAssistant: boolean) {
    this.#personas = personas;
    this.#withAssistant = withAssistant;
  }

  read(said: Said, index: number, next: Said | undefined): void {
    if (said.role === 'assistant') {
      this.#closeProposals();
      this.#proposals = findProposals(said, this.#personas);
      return;
    }
    this.#answerProposals(said, index);
    this.#answerIdeas(said);
    const answeredWithCode = next !== undefined && next.role === 'assistant' && next.hasCode;
    const { reaction, asks } = said.reading;
    const asksForCode =
      this.#withAssistant && asks && answeredWithCode && reaction !== 'complains' && reaction !== 'declines';
    if (asksForCode || said.hasCriteria) {
      this.#readCodeRequest(said, index);
    } else this.#readTalk(said, index);
  }

  finish(conversationId: string, conversation: readonly Said[]): CanvasFeature[] {
    this.#closeProposals();
    noteMentions(this.book, conversation);
    return this.book.finish(conversationId);
  }

  /** A request for code is one feature, however many sentences it takes; the sentences are its criteria. */
  #readCodeRequest(said: Said, index: number): void {
    let rest = said.pieces;
    for (const piece of said.pieces) {
      if (!this.#withdraw(piece, said, index)) continue;
      rest = rest.filter((other) => other !== piece);
    }
    const asking = findRequestPiece(rest) ?? rest[0];
    if (asking === undefined || asksForTheForm.test(stripAsking(asking.text))) return;
    const [story] = findUserStories(said.prose);
    this.#keep(
      [
        {
          text: createFeatureText(story?.want ?? asking.text),
          persona: story === undefined ? null : this.#personas.nameOf(story.persona),
          priority: namedPriority(said.prose) ?? 'unstated',
          basis: 'stated',
          inMvp: readMvp(asking.text),
          evidence: [said.position],
          maybe: asksHow(asking.text),
          rank: rank.request,
        },
      ],
      index,
    );
  }

  #readTalk(said: Said, index: number): void {
    const stories = findUserStories(said.prose);
    let heading: Governing | null = null;
    let underHeading = false;
    let graded: Priority | null = null;
    let told = 0;
    const ideas: Entry[] = [];
    for (const piece of said.pieces) {
      if (piece.kind !== 'bullet') {
        const governing = endsAsHeading(piece) ? readHeading(piece.text) : null;
        if (governing !== null) [heading, underHeading] = [governing, true];
        else if (piece.kind === 'heading') [heading, underHeading] = [null, false];
        else if (heading !== null && underHeading) underHeading = false;
        if (governing !== null && piece.kind === 'heading') continue;
      } else if (heading !== null) underHeading = true;
      const story = stories[told];
      if (story !== undefined && holdsStory(piece.text, story.persona)) {
        const before = namedPriority(piece.text.split(/\bas an? /i)[0] ?? '') ?? graded;
        this.#keep([this.#storyCandidate(said, story, before)], index);
        told += 1;
        graded = null;
        continue;
      }
      if (stories.some((other) => isPartOf(piece.text, `${other.want} ${other.reason ?? ''}`))) continue;
      if (this.#withdraw(piece, said, index)) continue;
      if (announces.test(piece.text) && namedPriority(piece.text) !== null) {
        graded = namedPriority(piece.text);
        continue;
      }
      if (this.#readGrade(piece, said, index)) continue;
      const found = this.#readPiece(piece, said, underHeading || piece.kind === 'bullet' ? heading : null);
      const kept = this.#keep(found, index);
      if (proposing.test(piece.text)) ideas.push(...kept.filter((entry) => entry.feature.maybe));
    }
    if (ideas.length > 0 || !said.reading.bare) this.#ideas = { entries: ideas, speaker: said.speaker };
  }

  #storyCandidate(said: Said, story: { persona: string; want: string }, priority: Priority | null): Candidate {
    return {
      text: createFeatureText(story.want),
      persona: this.#personas.nameOf(story.persona),
      priority: priority ?? 'unstated',
      basis: 'stated',
      inMvp: null,
      evidence: [said.position],
      maybe: false,
      rank: rank.story,
    };
  }

  #readPiece(piece: Piece, said: Said, heading: Governing | null): Candidate[] {
    const base = {
      persona: this.#personas.of(piece.text),
      basis: 'stated' as const,
      evidence: [said.position],
      maybe: false,
    };
    if (piece.kind === 'bullet' && heading !== null) {
      const text = createFeatureText(
        piece.text.replace(/\s*\((?:for example|e\.g\.|specifically|such as)[^)]*\)/i, ''),
      );
      return [{ ...base, text, priority: heading.priority, inMvp: heading.inMvp, rank: rank.bullet }];
    }
    const listed = listOfFirstVersion(piece.text);
    if (listed.length > 0) {
      return listed.map((text) => ({
        ...base,
        text: createFeatureText(text),
        priority: 'unstated',
        inMvp: true,
        rank: rank.quoted,
      }));
    }
    const found: Candidate[] = [];
    let rest = piece.text;
    for (const [whole, title = ''] of piece.text.matchAll(storyTitle)) {
      found.push({ ...base, text: createFeatureText(title), priority: 'unstated', inMvp: null, rank: rank.quoted });
      rest = rest.slice(rest.indexOf(whole) + whole.length);
    }
    const role = piece.kind === 'bullet' ? /^\*\*([^*]{2,40})\*\*\s*[:–—-]\s*(.+)$/.exec(rest) : null;
    const persona = role === null ? null : this.#personas.known(role[1] ?? '');
    if (role !== null && persona !== null) {
      const sentences = splitSentences(role[2] ?? '').flatMap((sentence) => this.#readSentence(sentence, said));
      return [...found, ...sentences.map((candidate) => ({ ...candidate, persona }))];
    }
    return rest.trim() === '' ? found : [...found, ...this.#readSentence(rest.trim(), said)];
  }

  #readSentence(sentence: string, said: Said): Candidate[] {
    const polite =
      /^(?:[\w ,]{0,30}\b)?(?:can|could|would) (?:you|we) (?:please |also |maybe )*(?:add|have|make|show|include|build|support|let)\b/i.test(
        sentence,
      );
    if (/\?["')]*$/.test(sentence) && !polite) return [];
    const imperative =
      !isMeetingTalk(sentence) &&
      (this.#withAssistant ? readMessage(sentence).asks : startsWithVerb(stripAsking(sentence)));
    const strength =
      polite || (imperative && this.#withAssistant)
        ? 'strong'
        : (requirementStrength(sentence) ?? (imperative ? 'weak' : null));
    const text = createFeatureText(this.#personas.doing(sentence) ?? sentence);
    if (strength === null || keyTokens(text).size < 2 || notAFeature.test(text) || asksForTheForm.test(text)) return [];
    return [
      {
        text,
        persona: this.#personas.of(sentence),
        priority: priorityOf(sentence),
        basis: strength === 'strong' ? 'stated' : 'inferred',
        inMvp: readMvp(sentence),
        evidence: [said.position],
        maybe: strength === 'weak' || asksHow(sentence),
        rank: rank.talk,
      },
    ];
  }

  /** "This is a must-have", "Optional then": about what was spoken of before. True when the piece says nothing else. */
  #readGrade(piece: Piece, said: Said, index: number): boolean {
    const grade = namedPriority(piece.text);
    if (grade === null) return false;
    // "No coupons, that is out of scope" is about the coupons, not about what was spoken of before.
    if (grade === 'wont' && (findWithdrawal(piece.text)?.target ?? null) !== null) return false;
    const subject =
      /^(?:the |so |and |but )*([^.,;:!?]{3,60}?) (?:is|are|should be|became|has become) (?:now |actually |more of |definitely |also |still )*an? (?:must|should|could|nice)/i.exec(
        piece.text,
      )?.[1];
    if (subject !== undefined && !/^(?:this|that|it|these|those|both|which)\b/i.test(subject)) {
      const tokens = keyTokens(subject.replaceAll('/', ' '));
      const meant = this.book
        .near(tokens)
        .filter((entry) => tokens.size > 0 && overlap(entry.tokens, tokens) >= 0.5)
        .slice(0, 2);
      if (meant.length > 0) {
        this.#focus = { entries: meant, index };
        this.#gradeFocus(grade, index, piece.text, said.position);
        return true;
      }
    }
    if (!pointsBack.test(piece.text) && keyTokens(piece.text.replace(/\b(?:priority|optional)\b/gi, '')).size > 2)
      return false;
    if (/\?\s*$/.test(piece.text)) this.#askedPriority = grade;
    else this.#gradeFocus(grade, index, piece.text, said.position);
    return true;
  }

  #gradeFocus(grade: Priority, index: number, sentence: string, position: number): void {
    if (index - this.#focus.index > reach) return;
    const inMvp = readMvp(sentence);
    for (const { feature } of this.#focus.entries) {
      feature.priority = grade;
      addEvidence(feature, position);
      feature.inMvp = inMvp ?? feature.inMvp;
    }
  }

  #withdraw(piece: Piece, said: Said, index: number): boolean {
    const withdrawal = findWithdrawal(piece.text);
    if (withdrawal === null) return false;
    const focus = index - this.#focus.index <= reach ? this.#focus.entries : [];
    const hit = applyWithdrawal(this.book, withdrawal, focus, said.position);
    if (hit.length === 0) return false;
    this.#focus = { entries: hit, index };
    return true;
  }

  #keep(candidates: readonly Candidate[], index: number): Entry[] {
    const kept: Entry[] = [];
    for (const candidate of candidates) {
      const entry = this.book.add(candidate);
      if (entry === null) continue;
      if (entry.feature.status !== 'active' && isBroughtBack(candidate.text)) {
        entry.feature.status = 'active';
        entry.feature.withdrawnBy = null;
      }
      kept.push(entry);
    }
    if (kept.length > 0) this.#focus = { entries: kept.slice(-1), index };
    return kept;
  }

  #answerProposals(said: Said, index: number): void {
    if (this.#proposals.length === 0 || said.prose === '') return;
    const verdicts = readAnswer(this.#proposals, said);
    const open: Proposal[] = [];
    for (const [order, proposal] of this.#proposals.entries()) {
      const verdict = verdicts[order];
      const { candidate } = proposal;
      if (verdict === 'taken')
        this.#keep(
          [{ ...candidate, basis: 'stated', maybe: false, evidence: [...candidate.evidence, said.position] }],
          index,
        );
      else if (verdict === 'open') open.push(proposal);
    }
    this.#proposals = open;
  }

  /** In a meeting an idea becomes a decision when another person says yes to it. */
  #answerIdeas(said: Said): void {
    const { entries, speaker } = this.#ideas;
    if (said.speaker === speaker || said.prose === '') return;
    if (said.reading.reaction === 'accepts') {
      for (const { feature } of entries) [feature.maybe, feature.basis] = [false, 'stated'];
      if (this.#askedPriority !== null)
        for (const { feature } of this.#focus.entries) feature.priority = this.#askedPriority;
    }
    this.#askedPriority = null;
    this.#ideas = { entries: [], speaker: '' };
  }

  /** What nobody took up stays a *maybe*. */
  #closeProposals(): void {
    for (const { candidate } of this.#proposals) this.book.add({ ...candidate, basis: 'inferred', maybe: true });
    this.#proposals = [];
  }
}

function holdsStory(text: string, persona: string): boolean {
  return /\bas an? /i.test(text) && normalise(text).includes(normalise(persona));
}

function isPartOf(text: string, whole: string): boolean {
  const part = normalise(text.replace(/^(?:i|we) want (?:to )?/i, ''));
  return part.length > 8 && (normalise(whole).includes(part) || part.startsWith(normalise(whole).slice(0, 60)));
}
