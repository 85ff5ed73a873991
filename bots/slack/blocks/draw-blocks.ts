import type { CardBlock } from '#src/ports/chat.ts';
import { buttonRows, diffButton, openButton, plainText } from './buttons.ts';
import { drawList } from './draw-list.ts';
import { drawSteps } from './draw-steps.ts';
import { slackLimits } from './limits.ts';
import type { Drawing } from './drawing.ts';
import { pathTo } from './paths.ts';
import { joined, whole } from './pieces.ts';
import type { Drawn } from './pieces.ts';
import { pressKinds } from './press-value.ts';
import {
  bold,
  inline,
  inlineLink,
  line,
  linesBlocks,
  preformatted,
  prose,
  richText,
  section,
  words,
} from './rich-text.ts';
import { quoted } from './quoted.ts';
import { plain, shorten, splitText } from './words.ts';

/** A summary of at most this length is its own button. Slack shows about thirty characters of a label. */
const SHORT_SUMMARY_CHARS = 30;

/** Card blocks as Slack blocks. `path` is that of what holds them; positions are appended to it. */
export function drawBlocks(blocks: readonly CardBlock[], path: string, drawing: Drawing): Drawn {
  const drawn: Drawn[] = [];
  for (let at = 0; at < blocks.length; at += 1) {
    const folds = drawing.amount.isAll ? [] : shortFoldsFrom(blocks, at);
    const block = blocks[at];
    if (block === undefined) break;
    if (folds.length > 0) {
      const buttons = folds.map(({ summary }, index) =>
        openButton(drawing.post, pressKinds.fold, summary, { path: pathTo(path, at + index) }),
      );
      drawn.push(whole(...buttonRows(buttons).map((row) => [row])));
      at += folds.length - 1;
    } else drawn.push(drawBlock(block, pathTo(path, at), drawing));
  }
  return joined(drawn);
}

type Fold = CardBlock & { type: 'fold' };

/** Short folds that follow each other stand in one row. */
function shortFoldsFrom(blocks: readonly CardBlock[], at: number): Fold[] {
  const folds: Fold[] = [];
  for (const block of blocks.slice(at)) {
    if (block.type !== 'fold' || plain(block.summary).length > SHORT_SUMMARY_CHARS) break;
    folds.push(block);
  }
  return folds;
}

function drawBlock(block: CardBlock, path: string, drawing: Drawing): Drawn {
  switch (block.type) {
    case 'text':
      return drawText(block.text, drawing.amount.textChars);
    case 'facts':
      return drawFacts(block.facts, drawing);
    case 'list':
      return drawList(block, path, drawing);
    case 'steps':
      return drawSteps(block.steps, drawing);
    case 'code':
      return drawCode(block, drawing);
    case 'diff':
      return drawFiles(block, path, drawing);
    case 'fold':
      return drawFolded(block, path, drawing);
    case 'quote':
      return {
        pieces: quoted(block, drawing.amount.quoteChars),
        isCut: block.text.length > drawing.amount.quoteChars,
      };
  }
}

/** People's own words, with their line ends and fenced code. */
export function drawText(text: string, maxChars: number): Drawn {
  return { pieces: prose(shorten(text, maxChars)).map((block) => [block]), isCut: text.length > maxChars };
}

/** One fact a line. Fields are `mrkdwn`, in which a `_` of a branch name could not be told from formatting. */
function drawFacts(facts: (CardBlock & { type: 'facts' })['facts'], { amount }: Drawing): Drawn {
  const shown = facts.slice(0, amount.facts);
  const lines = shown.flatMap(({ label, value, tone, url }) => {
    const draw = (text: string) => (url === undefined ? inline(text) : inlineLink(text, url));
    const [first = '–', ...rest] = splitText(shorten(value, amount.textChars), PART_CHARS);
    const mark = tone === 'bad' ? [words('⚠ ')] : [];
    return [
      line(...mark, bold(shorten(plain(label), LABEL_CHARS) || '–'), words('  '), ...draw(first)),
      ...rest.map((part) => line(...inline(part))),
    ];
  });
  const left = facts.length - shown.length;
  if (left > 0) lines.push(line(words(`… and ${left} more`)));
  return {
    pieces: linesBlocks(lines).map((block) => [block]),
    isCut: left > 0 || shown.some(({ value }) => value.length > amount.textChars),
  };
}

const LABEL_CHARS = 200;
/** Leaves room for what stands beside it. */
const PART_CHARS = 2_500;

function drawCode({ path, text }: CardBlock & { type: 'code' }, { amount }: Drawing): Drawn {
  const lines = text.split('\n');
  const shownLines = lines.slice(0, amount.codeLines).join('\n');
  const [shown = ''] = amount.isAll ? [shownLines] : splitText(shownLines, amount.codeChars);
  const left = lines.length - shown.split('\n').length;
  const isCut = shown.length < text.length;
  const blocks = [
    ...(path === null || path.trim() === ''
      ? []
      : [richText(section({ type: 'text', text: shorten(path, LABEL_CHARS), style: { code: true } }))]),
    ...(shown === '' ? [] : preformatted(shown)),
    ...(isCut
      ? [richText(section(words(left > 0 ? `… and ${lineCount(left)} more` : '… and the rest of this line')))]
      : []),
  ];
  return { pieces: blocks.map((block) => [block]), isCut };
}

function lineCount(lines: number): string {
  return lines === 1 ? '1 line' : `${lines} lines`;
}

/** In a message the button to the diff stands with the others at the foot. */
function drawFiles(
  { files, more = 0, taskId }: CardBlock & { type: 'diff' },
  path: string,
  { amount, post }: Drawing,
): Drawn {
  const shown = files.slice(0, amount.files);
  const lines = shown.map(({ path, added, removed }) =>
    line(
      { type: 'text', text: shorten(path, LABEL_CHARS) || '–', style: { code: true } },
      words(`  +${added} −${removed}`),
    ),
  );
  const left = files.length - shown.length + more;
  if (left > 0) lines.push(line(words(`… and ${left} more`)));
  const button = amount.isAll ? [buttonRows([diffButton(post, taskId, path)])] : [];
  return { pieces: [...linesBlocks(lines).map((block) => [block]), ...button], isCut: left > 0 };
}

/** In a message a line with its button, in a modal a heading with what is under it. */
function drawFolded({ summary, blocks }: Fold, path: string, drawing: Drawing): Drawn {
  if (drawing.amount.isAll) {
    const heading = splitText(plain(summary) || '–', PART_CHARS).map((part) => [richText(section(bold(part)))]);
    return joined([whole(...heading), drawBlocks(blocks, path, drawing)]);
  }
  const label = plainText(`Details: ${summary}`, slackLimits.accessibilityLabel).text;
  return {
    pieces: [
      [
        {
          type: 'section',
          text: plainText(summary, SUMMARY_CHARS),
          accessory: { ...openButton(drawing.post, pressKinds.fold, 'Details', { path }), accessibility_label: label },
        },
      ],
    ],
    isCut: plain(summary).length > SUMMARY_CHARS,
  };
}

const SUMMARY_CHARS = 300;
