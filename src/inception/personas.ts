import type { CanvasPersona } from './canvas.ts';
import { createFeatureText } from './feature-text.ts';
import { splitSentences } from './sentences.ts';
import type { Said } from './statements.ts';
import { normalise } from './tokens.ts';
import { findUserStories } from './user-story.ts';
import { capitalise, cleanText } from './wording.ts';

const boldBullet = /^\*\*([^*]{2,40}?)[.:]?\*\*\s*(?:[–—:-]\s*(.*))?$/;
const rolesHeading = /\b(?:roles?|personas?|actors?|user types?|kinds? of users?|users?)\b[^.!?]{0,40}:?\s*$/i;
const listOfRoles =
  /\b(?:(?:roles|personas|actors|(?:categories|types|kinds|groups) of users?|user (?:types|groups|roles))(?: are)?)\s*[:–—-]\s*([^.!?\n]{5,200})/i;
const namedUser =
  /\b(?:(?:first|second|third|primary|secondary|main|other|next) (?:is|user is|one is|persona is|user|persona|actor is)(?: is)?)[, ]+(?:of course,? )?(?:the |an? )([a-z]+(?: [a-z]+)?)\b/i;
/** Roles that are named by doing something. Nouns for people only, so that "the page can" makes no persona. */
const person =
  'admins?|administrators?|managers?|editors?|authors?|writers?|readers?|visitors?|customers?|clients?|buyers?|sellers?|members?|moderators?|owners?|teachers?|students?|pupils?|parents?|child(?:ren)?|kids?|learners?|players?|coach(?:es)?|workers?|operators?|drivers?|riders?|doctors?|patients?|nurses?|analysts?|developers?|engineers?|designers?|guests?|hosts?|subscribers?|donors?|volunteers?|organi[sz]ers?|employees?|shoppers?|vendors?|accountants?|streamers?|viewers?|citizens?|tenants?|landlords?|users?';
const personDoes = new RegExp(
  `(?:^|[^\\w-])((?:(?:data|business|video|stream|site|system|power|new|registered|beginner|child|basketball|shop|team|store|content|community|production|project|office) ){0,2}(?:${person})) (?:can|could|should|must|wants? to|needs? to|will|has to|have to|may|(?:is|are) able to) (?:also |only |then |even )*(.{3,140})`,
  'i',
);
const subjectDoes = new RegExp(
  `^(?:and |so |but |additionally, |also, |next, )*(?:the |an? |our |every |each |all )*((?:[a-z]+ ){0,2}(?:${person})) (?:can|could|should|must|wants? to|needs? to|will|has to|have to|may|(?:is|are) able to|(?:has|have) the (?:ability|option) to) (?:also |only |then |even |be able to )*(.{3,})$`,
  'i',
);
const pronounDoes =
  /^(?:the (?:person|role) |they|he|she) (?:can|could|should|must|wants? to|want to|needs? to|need to|will|may) (?:also |only |then )*(.{3,140})/i;
/** "assigns tasks to everyone", without a subject, after a role's name. */
const doesItself = /^[a-z]{3,}s(?: (?!an?\b|the specialist)\S+){2,}/;
const tooGeneral =
  /^(?:users?|new user|customers?|clients?|people|system|app|someone|person|you|developers?|engineers?|designers?)$/i;

/** More than this no card shows. */
const maxNeeds = 8;

interface Draft {
  name: string;
  needs: Map<string, string>;
  evidence: Set<number>;
  /** Named as a role, not only caught doing something. */
  sure: boolean;
  /** Somebody told a user story as this persona. */
  told: boolean;
}

/** Personas that people named, each with the needs said of it. */
export class PersonaBook {
  #drafts = new Map<string, Draft>();
  /** Longer names by their first and last word; made once everything is read. */
  #longer: Map<string, (readonly [string | undefined, Draft])[]> | null = null;

  read(said: Said): void {
    if (said.role === 'assistant') return;
    let underRoles = false;
    let last: Draft | null = null;
    for (const story of findUserStories(said.prose)) this.#name(story.persona, said.position, story.want, true, true);
    for (const piece of said.pieces) {
      if (piece.kind !== 'bullet') underRoles = rolesHeading.test(piece.text);
      const role = piece.kind === 'bullet' ? boldBullet.exec(piece.text) : null;
      if (role !== null && (underRoles || looksLikeRole(role[1] ?? ''))) {
        underRoles = true;
        last = this.#name(role[1] ?? '', said.position, null, true);
        for (const sentence of splitSentences(role[2] ?? '')) {
          const need =
            pronounDoes.exec(sentence)?.[1] ?? personDoes.exec(sentence)?.[2] ?? doesItself.exec(sentence)?.[0];
          if (last !== null && need !== undefined) addNeed(last, need);
        }
        continue;
      }
      const list = listOfRoles.exec(piece.text);
      if (list !== null) for (const name of splitList(list[1] ?? '')) this.#name(name, said.position, null, true);
      const named = namedUser.exec(piece.text);
      if (named !== null && looksLikeRole(named[1] ?? '')) this.#name(named[1] ?? '', said.position, null, true);
      const does = personDoes.exec(piece.text);
      if (does !== null) last = this.#name(does[1] ?? '', said.position, does[2] ?? null, false) ?? last;
      else {
        const need = pronounDoes.exec(piece.text)?.[1];
        if (need !== undefined && last !== null && last.evidence.has(said.position)) addNeed(last, need);
      }
    }
  }

  /**
   * "The child" and "the child learner" are one persona when only one longer name begins or ends with the short one,
   * and nobody told a story as the short one.
   */
  #find(name: string): Draft | undefined {
    const key = keyOf(tidyName(name));
    const exact = this.#drafts.get(key);
    if (exact?.told === true || key === '' || key.includes(' ')) return exact;
    this.#longer ??= Map.groupBy(
      [...this.#drafts.entries()]
        .filter(([other, draft]) => draft.sure && other.includes(' '))
        .flatMap(
          ([other, draft]) =>
            [
              [other.split(' ')[0], draft],
              [other.split(' ').at(-1), draft],
            ] as const,
        ),
      ([word]) => word ?? '',
    );
    const longer = [...new Set((this.#longer.get(key) ?? []).map(([, draft]) => draft))];
    return longer.length === 1 ? longer[0] : exact;
  }

  #name(raw: string, position: number, need: string | null, sure: boolean, told = false): Draft | null {
    const name = tidyName(raw);
    if (name === '' || name.split(' ').length > 4 || (!sure && tooGeneral.test(name))) return null;
    const key = keyOf(name);
    const draft = this.#drafts.get(key) ?? {
      name,
      needs: new Map<string, string>(),
      evidence: new Set<number>(),
      sure: false,
      told: false,
    };
    this.#drafts.set(key, draft);
    draft.sure ||= sure;
    draft.told ||= told;
    draft.evidence.add(position);
    if (need !== null) addNeed(draft, need);
    return draft;
  }

  /** The persona that a sentence is about, by the name under which the canvas lists it; null: none, or only "user". */
  of(sentence: string): string | null {
    const does =
      personDoes.exec(sentence)?.[1] ?? /\b(?:for|by|to) (?:the |our |an? )([a-z]+(?: [a-z]+)?)\b/i.exec(sentence)?.[1];
    const draft = does === undefined ? undefined : this.#find(does);
    return draft?.name ?? null;
  }

  /** What a sentence has its subject do ("The manager can also see X": "see X"). null: its subject is no person. */
  doing(sentence: string): string | null {
    const does = subjectDoes.exec(sentence);
    return does?.[2] ?? null;
  }

  /** The name under which the canvas lists a persona; null: nobody named it. */
  known(name: string): string | null {
    return this.#find(name)?.name ?? null;
  }

  nameOf(persona: string): string {
    const name = tidyName(persona);
    return this.#find(name)?.name ?? name;
  }

  finish(): CanvasPersona[] {
    const sure = [...this.#drafts.values()].filter(
      (draft) => draft.sure || draft.evidence.size > 1 || draft.needs.size > 1,
    );
    for (const draft of sure) {
      const longer = this.#find(draft.name);
      if (longer === undefined || longer === draft) continue;
      for (const position of draft.evidence) longer.evidence.add(position);
      for (const [key, need] of draft.needs) if (!longer.needs.has(key)) longer.needs.set(key, need);
    }
    return sure
      .filter((draft) => this.#find(draft.name) === draft)
      .map(({ name, needs, evidence }) => ({
        name,
        needs: [...needs.values()].slice(0, maxNeeds),
        evidence: [...evidence].sort((left, right) => left - right),
      }));
  }
}

function addNeed(draft: Draft, need: string): void {
  const text = createFeatureText(need);
  if (text.split(' ').length >= 2 && draft.needs.size < 30)
    draft.needs.set(normalise(text), draft.needs.get(normalise(text)) ?? text);
}

function splitList(list: string): string[] {
  return list
    .split(/\s*[,;]\s*(?:and\s+)?|\s+and\s+/)
    .map((item) => item.replace(/\s+(?:who|that|which|with)\b.*$/i, ''))
    .filter((item) => item.split(' ').length <= 4 && !/^(?:they|it|we|run|you|who|that)\b/i.test(item));
}

function tidyName(raw: string): string {
  return capitalise(
    cleanText(raw.replace(/\([^)]*\)/g, ''))
      .replace(/^(?:the|an?|our|your|every|each|any|all|new) (?=\S)/i, '')
      .toLowerCase()
      .replace(/(?:^|\s)\p{L}/u, (first) => first),
  ).trim();
}

/** Child and children, worker and workers are one persona. */
function keyOf(name: string): string {
  return normalise(name)
    .replace(/children$/, 'child')
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1');
}

function looksLikeRole(name: string): boolean {
  return new RegExp(`(?:^|\\s)(?:${person})$`, 'i').test(name.trim());
}
