import type { RawCase } from './read-report.ts';

const MAX_DEPTH = 50;
/** Longest piece of text kept of one case; the whole is bounded by the report's size. */
const MAX_TEXT = 4_000;

interface OpenCase {
  raw: RawCase;
  text: string;
}

/**
 * JUnit XML as pytest, Maven, Gradle, jest-junit and others write it: `testsuite` in `testsuites`, `testcase` with
 * `failure`, `error` or `skipped`. Written for this one purpose: tags, attributes, CDATA and the five named entities and
 * numbers; a document type is no tag and refuses the whole, so that no entity can be defined. Null when it is not such a document.
 */
export function readJUnit(text: string): RawCase[] | null {
  const cases: RawCase[] = [];
  const open: { tag: string; suite: string | null }[] = [];
  let current: OpenCase | null = null;
  let sawSuite = false;
  let takesText = false;
  let at = 0;

  while (at < text.length) {
    const tagStart = text.indexOf('<', at);
    const characters = text.slice(at, tagStart === -1 ? text.length : tagStart);
    if (takesText && current !== null && current.text.length < MAX_TEXT) current.text += decode(characters);
    if (tagStart === -1) break;
    const special = skipSpecial(text, tagStart);
    if (special === 'unfinished') return null;
    if (special !== null) {
      if (takesText && current !== null && current.text.length < MAX_TEXT) current.text += special.characters;
      at = special.next;
      continue;
    }
    const tag = readTag(text, tagStart);
    if (tag === null) return null;
    at = tag.next;

    if (tag.closing) {
      const last = open.pop();
      if (last === undefined || last.tag !== tag.name) return null;
      takesText = false;
      if (tag.name === 'testcase' && current !== null) {
        current.raw.message = current.raw.status === 'passed' ? null : current.text;
        cases.push(current.raw);
        current = null;
      }
      continue;
    }
    if (open.length >= MAX_DEPTH) return null;
    const isSuite = tag.name === 'testsuite' || tag.name === 'testsuites';
    sawSuite ||= isSuite;
    if (open.length === 0 && !isSuite) return null;
    if (tag.name === 'testcase') {
      const suites = open.flatMap((level) => (level.suite === null || level.suite === '' ? [] : [level.suite]));
      const className = tag.attributes.classname ?? '';
      const path = [...suites.filter((name) => name !== className), className, tag.attributes.name ?? ''];
      const status = /^(skipped|disabled|notrun)$/i.test(tag.attributes.status ?? '') ? 'skipped' : 'passed';
      current = { raw: { path, status, message: null }, text: '' };
    }
    if (current !== null && (tag.name === 'failure' || tag.name === 'error' || tag.name === 'rerunFailure')) {
      current.raw.status = 'failed';
      current.text += `${tag.attributes.message ?? tag.attributes.type ?? ''}\n`;
      takesText = !tag.selfClosing;
    }
    if (current !== null && tag.name === 'skipped' && current.raw.status === 'passed') {
      current.raw.status = 'skipped';
      current.text += tag.attributes.message ?? '';
    }
    if (tag.selfClosing) {
      if (tag.name === 'testcase' && current !== null) {
        current.raw.message = current.raw.status === 'passed' ? null : current.text;
        cases.push(current.raw);
        current = null;
      }
    } else {
      open.push({ tag: tag.name, suite: tag.name === 'testsuite' ? (tag.attributes.name ?? null) : null });
    }
  }
  // A document that stops half-way may hide what failed.
  return sawSuite && open.length === 0 ? cases : null;
}

interface Tag {
  name: string;
  attributes: Record<string, string>;
  closing: boolean;
  selfClosing: boolean;
  next: number;
}

function skipSpecial(text: string, at: number): { next: number; characters: string } | null | 'unfinished' {
  for (const [begin, end, keeps] of [
    ['<![CDATA[', ']]>', true],
    ['<!--', '-->', false],
    ['<?', '?>', false],
  ] as const) {
    if (!text.startsWith(begin, at)) continue;
    const stop = text.indexOf(end, at + begin.length);
    if (stop === -1) return 'unfinished';
    return {
      next: stop + end.length,
      characters: keeps ? text.slice(at + begin.length, Math.min(stop, at + MAX_TEXT)) : '',
    };
  }
  return null;
}

function readTag(text: string, at: number): Tag | null {
  const name = /^<(\/?)([A-Za-z_][\w.:-]*)/.exec(text.slice(at, at + 200));
  if (name?.[2] === undefined) return null;
  const attributes: Record<string, string> = {};
  const attribute = /\s*([A-Za-z_:][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
  let next = at + name[0].length;
  for (;;) {
    attribute.lastIndex = next;
    const found = attribute.exec(text);
    if (found === null) break;
    attributes[found[1] ?? ''] = decode(found[2] ?? found[3] ?? '');
    next = attribute.lastIndex;
  }
  const end = /\s*(\/?)>/y;
  end.lastIndex = next;
  const closed = end.exec(text);
  if (closed === null) return null;
  return { name: name[2], attributes, closing: name[1] === '/', selfClosing: closed[1] === '/', next: end.lastIndex };
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** An entity that is not known stays as it is written. */
function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? whole) : whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
