import type { JudgedLink } from './judge-link.ts';
import { imageWords, judgeLink, linkWords, namedLinkWords } from './judge-link.ts';

const MAX_NESTING = 32;
/** Bounded everywhere; what is longer or nested deeper is unclear, and then taken apart. */
const DESTINATION =
  /\([ \t]{0,20}\n?[ \t]{0,20}(?:<([^<>\n]{0,4000})>|((?:[^\s<>()\\]|\\.|\([^\s<>()]{0,1000}\)){0,4000}))(?:[ \t]{0,20}\n?[ \t]{0,20}(?:"[^"]{0,500}"|'[^']{0,500}'|\([^()]{0,500}\)))?[ \t]{0,20}\n?[ \t]{0,20}\)/y;

/** Which of both is rewritten. */
export interface BracketKinds {
  images: boolean;
  links: boolean;
}

/**
 * Markdown's inline links and all of its images as words, inside out. A link whose end cannot be read for certain is
 * taken apart by a space between its brackets, so that no reader puts it together.
 */
export function plainBrackets(
  text: string,
  allowedHosts: readonly string[],
  kinds: BracketKinds = { images: true, links: true },
): string {
  if (!text.includes('[')) return text;
  const out: string[] = [];
  const open: { at: number; image: boolean }[] = [];
  const hasDefinitions = text.includes(']:');
  const sign = /\\[\s\S]|!?\[|\]/g;
  let from = 0;
  for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
    const [mark] = found;
    if (mark.startsWith('\\')) continue;
    out.push(text.slice(from, found.index));
    from = sign.lastIndex;
    if (mark !== ']') {
      const tooDeep = open.length >= MAX_NESTING;
      if (!tooDeep) open.push({ at: out.length, image: mark === '![' });
      out.push(tooDeep ? '(' : mark);
      continue;
    }
    const opened = open.pop();
    const isImage = opened?.image === true;
    if (isImage ? !kinds.images : !kinds.links) {
      out.push(mark);
      continue;
    }
    const target = readTarget(text, from, allowedHosts);
    if (opened !== undefined && (target.kind === 'inline' || (isImage && target.kind === 'reference'))) {
      const words = out.splice(opened.at).slice(1).join('');
      if (isImage) out.push(imageWords(words, target.host));
      else if (target.kept) out.push(`[${words}]${text.slice(from, target.end)}`);
      else out.push(namedLinkWords(words, target.host));
      from = target.end;
      sign.lastIndex = from;
    } else {
      if (isImage && hasDefinitions && opened !== undefined) out[opened.at] = '[';
      out.push(text[from] === '(' && !target.kept ? '] ' : mark);
    }
  }
  return out.join('') + text.slice(from);
}

interface Target {
  kind: 'inline' | 'reference' | 'unclear' | 'none';
  end: number;
  kept: boolean;
  host: string | null;
}

function readTarget(text: string, at: number, allowedHosts: readonly string[]): Target {
  if (text[at] === '[') {
    const label = /\[[^[\]]{0,999}\]/y;
    label.lastIndex = at;
    if (label.test(text)) return { kind: 'reference', end: label.lastIndex, kept: false, host: null };
  }
  if (text[at] !== '(') return { kind: 'none', end: at, kept: false, host: null };
  DESTINATION.lastIndex = at;
  const found = DESTINATION.exec(text);
  if (found === null) return { kind: 'unclear', end: at, kept: false, host: null };
  const judged = judgeWritten(found[1] ?? found[2] ?? '', allowedHosts);
  return {
    kind: 'inline',
    end: at + found[0].length,
    kept: judged.kept,
    host: judged.kept ? hostOf(found[1] ?? found[2] ?? '') : judged.host,
  };
}

/** Both as it stands and without markdown's escapes, for readers differ in when they take those away. */
function judgeWritten(address: string, allowedHosts: readonly string[]): JudgedLink {
  if (/^mailto:[^?\s]+$/i.test(address)) return { kept: true };
  const asWritten = judgeLink(address, allowedHosts, { relative: true });
  return asWritten.kept ? judgeLink(address.replaceAll('\\', ''), allowedHosts, { relative: true }) : asWritten;
}

function hostOf(address: string): string | null {
  const judged = judgeLink(address, []);
  return judged.kept ? null : judged.host;
}

/** Definitions of reference links to other hosts, as lines that define nothing. */
export function plainDefinitions(text: string, allowedHosts: readonly string[]): string {
  if (!text.includes(']:')) return text;
  return text.replace(
    /^([ \t>*+\-\d.)]{0,40})\[((?:[^[\]\\]|\\.){1,999})\]:([ \t]{0,40}\n?[ \t>]{0,40})(?:<([^<>\n]{0,4000})>|([^\s<>]{1,4000}))/gm,
    (match, start: string, label: string, _gap: string, bracketed: string | undefined, bare: string | undefined) => {
      const judged = judgeWritten(bracketed ?? bare ?? '', allowedHosts);
      return judged.kept ? match : `${start}${label}: ${linkWords(judged.host)}`;
    },
  );
}

/** Addresses that stand in the text by themselves; `keep` is given those that stay. */
export function plainAddresses(
  text: string,
  allowedHosts: readonly string[],
  keep: (address: string) => string,
): string {
  return text.replace(
    /(?:https?|ftp|wss?)\\?:\\?\/\\?\/(?:\[redacted [a-z ]{1,30}\]|[^\s<>"`\ufdd0])+|(?<![\w@./-])www\\?\.[^\s<>"`\ufdd0]+/gi,
    (match) => {
      const end = addressEnd(match);
      const address = match.slice(0, end);
      const after = match.slice(end);
      if (!/[\p{L}\p{N}]/u.test(address.replace(/^[a-z]+\W*/i, ''))) return match;
      const whole = /^www/i.test(address) ? `https://${address}` : address;
      const judged = judgeWritten(whole, allowedHosts);
      return judged.kept ? keep(address) + after : linkWords(judged.host) + after;
    },
  );
}

/** Where the sentence's own punctuation begins. A bracket belongs to the address when it was opened in it. */
function addressEnd(address: string): number {
  let end = address.length;
  let balance = address.split('(').length - address.split(')').length;
  for (; end > 0; end -= 1) {
    const last = address[end - 1] ?? '';
    if (last === ')' ? balance >= 0 : !".,;:!?'*_~]}|".includes(last)) break;
    if (last === ')') balance += 1;
  }
  return end;
}

/** Documents and scripts that are written out in an address. */
export function plainSchemes(text: string): string {
  return text
    .replace(/\bdata:[a-z]{1,20}\/[a-z0-9.+-]{1,80}[;,][^\s<>"`\ufdd0]*/gi, '(data link removed)')
    .replace(/\b(?:java|vb|live)script:[^\s<>"`\ufdd0]+/gi, '(script link removed)');
}
