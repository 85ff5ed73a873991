import { isObject, objects, textOf } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';

/** The blocks as lines that a person would read; buttons in brackets. */
export function blockLines(blocks: readonly Json[], readable: (text: string) => string): string[] {
  return blocks.flatMap((block) => oneBlock(block, readable));
}

function oneBlock(block: Json, readable: (text: string) => string): string[] {
  const lines = (text: string): string[] => (text === '' ? [] : readable(text).split('\n'));
  switch (block.type) {
    case 'header':
      return lines(textOf(block.text)).map((line) => `# ${line}`);
    case 'section': {
      const accessory = isObject(block.accessory) ? ` ${elementText(block.accessory)}` : '';
      const text = lines(textOf(block.text));
      const fields = objects(block.fields).flatMap((field) => lines(textOf(field)).map((line) => `  ${line}`));
      const all = [...text, ...fields];
      return [...all.slice(0, -1), `${all.at(-1) ?? ''}${accessory}`];
    }
    case 'context':
      return [
        `~ ${objects(block.elements)
          .map((one) => (one.type === 'image' ? imageText(one) : readable(textOf(one))))
          .join(' · ')}`,
      ];
    case 'divider':
      return ['---'];
    case 'actions':
    case 'context_actions':
      return [objects(block.elements).map(elementText).join(' ')];
    case 'image':
      return [imageText(block)];
    case 'markdown':
    case 'alert':
      return lines(textOf(block.text));
    case 'rich_text':
      return objects(block.elements).flatMap((element) => richLines(element, readable));
    case 'plan':
      return [`Plan: ${textOf(block.title)}`, ...objects(block.tasks).flatMap((task) => taskLines(task, readable))];
    case 'task_card':
      return taskLines(block, readable);
    case 'input':
      return [`${textOf(block.label)}: ${isObject(block.element) ? elementText(block.element) : ''}`];
    case 'table':
      return (Array.isArray(block.rows) ? block.rows : []).map((row) => `| ${cellTexts(row, readable).join(' | ')} |`);
    case 'card':
      return [
        ...lines(textOf(block.title)),
        ...lines(textOf(block.subtitle)),
        ...lines(textOf(block.body)),
        ...objects(block.actions).map(elementText),
      ];
    case 'carousel':
      return objects(block.elements).flatMap((card) => oneBlock(card, readable));
    case 'container':
      return [
        ...lines(textOf(block.title)),
        ...blockLines(objects(block.child_blocks), readable).map((line) => `  ${line}`),
      ];
    default:
      return [`(${String(block.type)})`];
  }
}

const TASK_MARKS: Readonly<Record<string, string>> = { complete: 'x', in_progress: '>', pending: ' ', error: '!' };

function taskLines(task: Json, readable: (text: string) => string): string[] {
  const rest = [task.details, task.output].filter(isObject).flatMap((block) => oneBlock(block, readable));
  return [`[${TASK_MARKS[String(task.status)] ?? '?'}] ${textOf(task.title)}`, ...rest.map((line) => `    ${line}`)];
}

function cellTexts(row: unknown, readable: (text: string) => string): string[] {
  return objects(row).map((cell) => (cell.type === 'rich_text' ? oneBlock(cell, readable).join(' ') : textOf(cell)));
}

function imageText(image: Json): string {
  return `(image: ${String(image.alt_text)})`;
}

function richLines(element: Json, readable: (text: string) => string): string[] {
  const inner = objects(element.elements);
  if (element.type === 'rich_text_list')
    return inner.flatMap((item, index) =>
      richLines(item, readable).map((line) => `${element.style === 'ordered' ? `${index + 1}.` : '-'} ${line}`),
    );
  const text = inner.map(richText).join('');
  const said = readable(text).split('\n');
  if (element.type === 'rich_text_preformatted') return ['```', ...said, '```'];
  if (element.type === 'rich_text_quote') return said.map((line) => `> ${line}`);
  return said;
}

function richText(element: Json): string {
  if (element.type === 'user') return `<@${String(element.user_id)}>`;
  if (element.type === 'usergroup') return `<!subteam^${String(element.usergroup_id)}>`;
  if (element.type === 'channel') return `<#${String(element.channel_id)}>`;
  if (element.type === 'emoji') return `:${String(element.name)}:`;
  if (element.type === 'link') return textOf(element.text) || String(element.url);
  return textOf(element.text);
}

/** A button or a menu: `[Approve|primary]`, `[More: Retry / Stop]`, `[____]`. */
function elementText(element: Json): string {
  const label = textOf(element.text) || textOf(element.placeholder);
  if (element.type === 'image') return imageText(element);
  if (Array.isArray(element.options)) {
    const options = objects(element.options).map((option) => textOf(option.text));
    return `[${label || 'More'}: ${options.join(' / ')}]`;
  }
  if (element.type === 'button' || element.type === 'workflow_button') {
    const style = typeof element.style === 'string' ? `|${element.style}` : '';
    return `[${label}${style}]`;
  }
  return `[${label || textOf(element.initial_value) || '____'}]`;
}
