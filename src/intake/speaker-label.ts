/** How a line of a transcript says who speaks. */
export interface SpeakerLabel {
  speaker: string;
  /** ISO 8601 in UTC where the line names a whole date, else null. */
  time: string | null;
  /** What stands behind the label on the same line; may be empty. */
  text: string;
  /** A bold name, a time or a heading in front leave little doubt; a bare `Name:` may be prose. */
  strength: 'sure' | 'bare';
}

const assistants =
  /^(?:chat\s?gpt|gpt[- ]?\d[\w.]*|assistant|claude(?: \w+)?|ai|a\.i\.|ai assistant|(?:github |microsoft )?copilot|gemini|bard)$/i;
const people = /^(?:you|user|human|me|customer|client|interviewer|interviewee|facilitator|speaker \d+)$/i;

export function isAssistantName(speaker: string): boolean {
  return assistants.test(speaker.trim());
}

/** A word that names a side of a conversation, so that one line with it is enough to know a speaker. */
export function isRoleName(speaker: string): boolean {
  return isAssistantName(speaker) || people.test(speaker.trim());
}

/** Words that stand before a colon in documents and name no speaker. */
const documentWords = new Set(
  (
    'note notes todo fixme hint tip warning important caution info example examples e.g. i.e. eg ie title date time subject author authors ' +
    'attendees participants agenda goal goals problem problems solution vision summary overview background scope context ' +
    'feature features requirement requirements must should could wont question questions answer answers decision decisions action ' +
    'actions risk risks step steps input inputs output outputs usage install result results expected actual status version ' +
    'priority owner description name type file filename path url link source sources see ps p.s. update edit re fwd from to cc ' +
    'users personas persona given when then and but feature scenario background constraint constraints benefits pros cons ' +
    'key value default option options parameters returns throws license licence address phone email http https ftp mailto ' +
    'mvp for who the is that unlike our as so first second third finally also however therefore remember conclusion tl;dr tldr'
  ).split(' '),
);

const clock = String.raw`\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:\s?[AaPp]\.?[Mm]\.?)?`;
const day = String.raw`(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})[T,]?\s*`;
const stamp = String.raw`(?:${day})?${clock}Z?`;
/** `[10:32] `, `(10:32) `, `10:32 - `, `[00:01 - 00:05] `. */
const leadingStamp = new RegExp(
  String.raw`^(?:[[(](${stamp})(?:\s*[-–—:]+>?\s*${stamp})?[\])]|(${stamp}))\s*(?:[-–—|]\s*)?`,
);
const trailingStamp = new RegExp(String.raw`\s*[[(](${stamp})[\])]$`);

/** Up to 48 characters without sentence marks or markup, that start with a letter (or `@`). */
const nameShape = /^@?\p{L}[\p{L}\p{M}\p{N}.'’_\- ]{0,47}(?: ?\([^()]{1,30}\))?$/u;

function isName(candidate: string, strength: 'sure' | 'bare'): boolean {
  if (!nameShape.test(candidate) || documentWords.has(candidate.toLowerCase())) return false;
  const words = candidate.split(/\s+/);
  if (words.length > (strength === 'sure' ? 6 : 4)) return false;
  // In prose, "the second thing is: …" is no name; names of people have no small words but particles.
  return (
    strength === 'sure' ||
    words.length === 1 ||
    words.every((word) => /^[^\p{Ll}]|^(?:de|da|van|von|der|di|el|al|bin|la|le|du|dos)$/u.test(word))
  );
}

function timeOf(raw: string | undefined): string | null {
  const match = raw === undefined ? null : /^(\d{4}-\d{2}-\d{2})[T,]?\s*(\d{2}:\d{2})(:\d{2})?Z?$/.exec(raw.trim());
  if (match === null) return null;
  const date = new Date(`${match[1]}T${match[2]}${match[3] ?? ':00'}Z`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function readName(rest: string): { name: string; text: string; bold: boolean } | null {
  // `**Name:** text`, `**Name**: text`, `__Name:__ text`; a time may stand between the name and the colon.
  const bold = /^(\*\*|__)([^*_\n]{1,80}?)\s*(?::\s*\1|\1\s*(?:[[(][\d:., APMapm-]+[\])]\s*)?:)\s*(.*)$/u.exec(rest);
  if (bold !== null) return { name: bold[2] ?? '', text: bold[3] ?? '', bold: true };
  const plain = /^([^:\n*`#>|<]{1,80}?(?:\s[[(][\d:., APMapm-]{4,24}[\])])?)\s*:(?:\s+(.*)|$)/u.exec(rest);
  return plain === null ? null : { name: plain[1] ?? '', text: plain[2] ?? '', bold: false };
}

/** The label at the start of a line, or null when the line does not name a speaker. */
export function readSpeakerLabel(line: string): SpeakerLabel | null {
  if (line.length === 0 || line.startsWith('\t') || line.startsWith('    ')) return null;
  const said = /^(?:#{1,6}\s+)?(?:\*\*)?(You|ChatGPT|Claude|Gemini|Copilot) said:?(?:\*\*)?:?\s*$/.exec(line);
  if (said?.[1] !== undefined) return { speaker: said[1], time: null, text: '', strength: 'sure' };
  const heading = /^#{1,6}\s+(?:\*\*)?(.{1,40}?)(?:\*\*)?:?(?:\*\*)?\s*$/.exec(line);
  if (heading?.[1] !== undefined) {
    return isRoleName(heading[1]) ? { speaker: heading[1].trim(), time: null, text: '', strength: 'sure' } : null;
  }
  const stamped = leadingStamp.exec(line);
  const label = readName(line.slice(stamped?.[0].length ?? 0).trimStart());
  if (label === null) return null;
  const trailing = trailingStamp.exec(label.name);
  const name = label.name.slice(0, trailing?.index).trim();
  const strength = label.bold || stamped !== null || trailing !== null ? 'sure' : 'bare';
  if (!isName(name, strength)) return null;
  return {
    speaker: name.replace(/^@/, ''),
    time: timeOf(stamped?.[1] ?? stamped?.[2] ?? trailing?.[1]),
    text: label.text,
    strength,
  };
}
