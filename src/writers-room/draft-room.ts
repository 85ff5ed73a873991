import { keyTokens, overlap } from '#src/inception/tokens.ts';
import type { CodeBlock } from '#src/intake/code-block.ts';
import { type Turn, withdrawnNames } from './requests.ts';
import type { LeftOut } from './change-set.ts';
import { holdsPartOnly } from './partial-file.ts';
import { isTestFile } from './test-files.ts';
import type { Version } from './versions.ts';

/** What is being gathered for one request. */
export interface Draft {
  requestPosition: number;
  request: string;
  versions: Version[];
  /** Blocks whose path the factory does not accept. */
  refused: LeftOut[];
}

/** How far back a withdrawal by name looks for what it names, in change sets. Keeps the whole linear. */
const withdrawalReach = 40;

/** Reads the conversation once, in order, and keeps what is open. */
export class DraftRoom {
  readonly drafts: Draft[] = [];
  /** Who has the latest version of a path. */
  #ownerOf = new Map<string, Draft>();
  /** Which draft a message's request went to. */
  #draftOf = new Map<number, Draft>();
  /** The versions of the latest answer with code: what a bare "yes" or "no" is about. */
  #latest: Version[] = [];
  /** Turns of people since the last answer of an assistant. */
  #sinceAnswer: Turn[] = [];
  #lastAsk: Turn | null = null;
  #lastSaid: Turn | null = null;
  /** The talk has moved on to something that was answered without code: a bare "no" is no longer about the code. */
  #movedOn = false;
  #assistantSpokeLast = false;
  #offered = false;

  hear(turn: Turn): void {
    if (this.#assistantSpokeLast) this.#sinceAnswer = [];
    this.#assistantSpokeLast = false;
    if (this.#withdrawByName(turn)) this.#takeTheRest(turn);
    else this.#react(turn);
    if (turn.prose === '') return;
    this.#sinceAnswer.push(turn);
    if (turn.asks) this.#lastAsk = turn;
    if (!turn.reading.bare) this.#lastSaid = turn;
  }

  createVersion(turn: Turn, block: CodeBlock, path: string): Version {
    const ownWork = turn.role === 'person';
    return {
      block,
      path,
      position: turn.position,
      isTest: isTestFile(path, block.content),
      partial: block.kind === 'file' && holdsPartOnly(path, block.content),
      asked: ownWork || this.#isAskedFor(path),
      state: ownWork ? 'accepted' : 'unconfirmed',
      by: ownWork ? turn.position : null,
    };
  }

  answer(turn: Turn, versions: Version[], refused: readonly LeftOut[]): void {
    if (refused.length > 0) this.#draftFor(this.#requestFor(turn), versions).refused.push(...refused);
    if (versions.length > 0) {
      const continues = turn.role === 'assistant' && this.#assistantSpokeLast && this.#latest.length > 0;
      this.#place(turn, versions);
      const spared = continues ? this.#latest : this.#spare(versions);
      this.#latest = [...spared, ...versions];
      this.#movedOn = false;
    } else if (turn.role === 'assistant' && this.#sinceAnswer.some((said) => said.asks)) {
      this.#movedOn = true;
    }
    if (turn.role === 'assistant') {
      this.#assistantSpokeLast = true;
      this.#offered =
        /\b(?:want me to|shall i|should i (?:also|add)|would you like|do you want|let me know if)\b/i.test(turn.prose);
    }
  }

  /**
   * A complaint that names no file is about the answer as a whole. Files that the correction leaves as they were, such as
   * the tests, were not what was wrong: they stand again, and share the fate of the correction.
   */
  #spare(corrections: readonly Version[]): Version[] {
    const draft = corrections[0] === undefined ? undefined : this.#ownerOf.get(corrections[0].path);
    const complaint = this.#sinceAnswer.findLast(
      (said) => said.reading.reaction === 'complains' || said.reading.reaction === 'declines',
    );
    if (draft === undefined || complaint === undefined) return [];
    const spared = this.#latest.filter(
      (version) =>
        version.by === complaint.position &&
        (version.state === 'complained' || (version.state === 'declined' && version.isTest && complaint.asks)) &&
        draft.versions.includes(version) &&
        !mentions(complaint.prose, version.path) &&
        !corrections.some((correction) => correction.path === version.path),
    );
    for (const version of spared) [version.state, version.by] = ['unconfirmed', null];
    return spared;
  }

  /** A version that follows nothing but thanks, or a question about the code, was not asked for. */
  #isAskedFor(path: string): boolean {
    if (this.#sinceAnswer.length === 0) return true;
    return this.#sinceAnswer.some((turn) => {
      if (turn.asks || turn.reading.reaction === 'complains' || turn.reading.reaction === 'declines') return true;
      if (turn.reading.reaction === 'accepts') return false;
      return !(turn.reading.question && this.#ownerOf.has(path));
    });
  }

  #requestFor(turn: Turn): Turn | null {
    if (turn.role === 'person' && turn.prose !== '' && !turn.reading.bare) return turn;
    const asking = this.#sinceAnswer.findLast((said) => said.asks);
    const saying = this.#sinceAnswer.findLast((said) => said.reading.reaction === 'none' && !said.reading.question);
    return asking ?? saying ?? this.#lastAsk ?? this.#lastSaid ?? (turn.role === 'person' ? turn : null);
  }

  #place(turn: Turn, versions: Version[]): void {
    const request = this.#requestFor(turn);
    const fallback = this.#draftFor(request, versions);
    for (const version of versions) {
      const owner = this.#ownerOf.get(version.path);
      const draft = request !== null && request.asksForNew ? fallback : (owner ?? fallback);
      if (request !== null) this.#supersedeMoved(draft, version, request);
      draft.versions.push(version);
      this.#ownerOf.set(version.path, draft);
    }
  }

  #draftFor(request: Turn | null, versions: readonly Version[]): Draft {
    const position = request?.position ?? -1;
    const known =
      this.#draftOf.get(position) ?? (request === null || request.asksForNew ? null : this.#refined(request, versions));
    if (known !== null && known !== undefined) {
      this.#draftOf.set(position, known);
      return known;
    }
    const draft: Draft = { requestPosition: position, request: request?.request ?? '', versions: [], refused: [] };
    this.drafts.push(draft);
    this.#draftOf.set(position, draft);
    return draft;
  }

  /** The draft that a request only refines: same files, tests for them, or a correction. null: it asks for something new. */
  #refined(request: Turn, versions: readonly Version[]): Draft | null {
    const latest = this.drafts.at(-1) ?? null;
    if (latest === null) return null;
    const owner = versions.map((version) => this.#ownerOf.get(version.path)).find((draft) => draft !== undefined);
    if (owner !== undefined) return owner;
    const moved = latest.versions.some((old) =>
      versions.some((version) => baseName(old.path) === baseName(version.path) && request.prose.includes(version.path)),
    );
    if (moved) return latest;
    const corrects = request.reading.reaction === 'complains' || request.reading.reaction === 'declines';
    return corrects || versions.every((version) => version.isTest) ? latest : null;
  }

  /** "Put it in lib/slug.js": the same file name under another path takes the place of the first one. */
  #supersedeMoved(draft: Draft, version: Version, request: Turn): void {
    if (!request.prose.includes(version.path) || request.asksForNew) return;
    const name = baseName(version.path);
    for (const other of draft.versions) {
      if (other.path === version.path || other.position === version.position || baseName(other.path) !== name) continue;
      other.state = 'moved';
      other.by = request.position;
    }
  }

  #react(turn: Turn): void {
    const { reaction } = turn.reading;
    const named = this.#latest.filter((version) => mentions(turn.prose, version.path));
    if (this.#latest.length === 0 || (this.#movedOn && named.length === 0)) return;
    const by = turn.position;
    if (reaction === 'declines') {
      const aboutTheOffer = turn.reading.onlySaysNo && (this.#offered || this.#sinceAnswer.length > 0);
      if (aboutTheOffer) return;
      const someOnly = named.length > 0 && named.length < this.#latest.length;
      for (const version of this.#latest) {
        if (!someOnly || named.includes(version)) mark(version, 'declined', by);
        else if (version.state === 'unconfirmed') mark(version, 'accepted', by);
      }
    } else if (reaction === 'complains') {
      const about = named.length > 0 ? named : this.#latest;
      for (const version of about) if (version.state !== 'declined') mark(version, 'complained', by);
    } else if (reaction === 'accepts' || turn.asks) {
      for (const version of this.#latest) {
        if (version.state === 'unconfirmed' || (version.state === 'complained' && reaction === 'accepts'))
          mark(version, 'accepted', by);
      }
    }
  }

  /** Whoever names what should go keeps what came with it. */
  #takeTheRest(turn: Turn): void {
    if (this.#latest.every((version) => version.by !== turn.position)) return;
    for (const version of this.#latest) if (version.state === 'unconfirmed') mark(version, 'accepted', turn.position);
  }

  /** "Drop the retry helper" turns down the code that answered that request. True when something was found. */
  #withdrawByName(turn: Turn): boolean {
    if (this.drafts.length === 0 || turn.prose === '') return false;
    let found = false;
    for (const name of withdrawnNames(turn.prose)) {
      const tokens = keyTokens(name);
      if (tokens.size === 0) continue;
      for (const draft of this.drafts.slice(-withdrawalReach).reverse()) {
        const byPath = draft.versions.filter(
          (version) => mentions(name, version.path) || overlapsPath(tokens, version.path),
        );
        const about =
          overlap(tokens, keyTokens(draft.request)) === 1 && tokens.size <= keyTokens(draft.request).size
            ? draft.versions
            : byPath;
        for (const version of about) mark(version, 'declined', turn.position);
        if (about.length === 0) continue;
        found = true;
        break;
      }
    }
    return found;
  }
}

function mark(version: Version, state: Version['state'], by: number): void {
  version.state = state;
  version.by = by;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether prose names a file, by its path or by its own name with extension. */
function mentions(prose: string, path: string): boolean {
  const name = baseName(path);
  return prose.includes(path) || (name.includes('.') && prose.includes(name));
}

function overlapsPath(tokens: ReadonlySet<string>, path: string): boolean {
  const pathTokens = keyTokens(baseName(path).replace(/\.[a-z]+$/i, ''));
  return pathTokens.size > 0 && overlap(tokens, pathTokens) === 1 && tokens.size <= pathTokens.size + 1;
}
