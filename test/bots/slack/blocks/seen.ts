import type { Button, KnownBlock, RichTextBlockElement, RichTextElement } from '@slack/types';

/** Blocks as lines of text, about as a person sees them: `*bold*`, `[buttons]`, `> quotes`. */
export function seen(blocks: readonly unknown[]): string {
  return (blocks as readonly KnownBlock[]).map(block).join('\n');
}

function block(each: KnownBlock): string {
  switch (each.type) {
    case 'rich_text':
      return each.elements.map(part).join('\n');
    case 'section': {
      const side = each.accessory?.type === 'button' ? ` ${button(each.accessory)}` : '';
      return `${each.text?.text ?? ''}${side}`;
    }
    case 'context':
      return each.elements.map((element) => ('text' in element ? `(${element.text})` : '')).join(' ');
    case 'actions':
      return each.elements.map((element) => button(element as Button)).join(' ');
    case 'plan':
      return [each.title, ...(each.tasks ?? []).map((task) => `  ${String(task.status)}: ${String(task.title)}`)].join(
        '\n',
      );
    case 'input':
      return `${each.label.text}${each.optional === true ? ' (optional)' : ''}: ____`;
    default:
      return `<${each.type}>`;
  }
}

function button({ text, style, confirm }: Button): string {
  return `[${text.text}${style === undefined ? '' : ` (${style})`}${confirm === undefined ? '' : ` -> ${confirm.text.text} ${confirm.confirm?.text ?? ''} | ${confirm.deny?.text ?? ''}`}]`;
}

function part(each: RichTextBlockElement): string {
  switch (each.type) {
    case 'rich_text_section':
      return each.elements.map(element).join('');
    case 'rich_text_list':
      return each.elements.map((line) => `• ${line.elements.map(element).join('')}`).join('\n');
    case 'rich_text_quote':
      return `> ${each.elements.map(element).join('').replaceAll('\n', '\n> ')}`;
    case 'rich_text_preformatted':
      return `    ${each.elements.map(element).join('').replaceAll('\n', '\n    ')}`;
  }
}

function element(each: RichTextElement): string {
  switch (each.type) {
    case 'text': {
      const sign =
        each.style?.bold === true ? '*' : each.style?.code === true ? '`' : each.style?.italic === true ? '_' : '';
      return `${sign}${each.text}${sign}`;
    }
    case 'link':
      return `${each.text ?? ''} (${each.url})`;
    case 'user':
      return `@${each.user_id}`;
    case 'emoji':
      return `:${each.name}:`;
    case 'date':
      return each.format;
    default:
      return `<${each.type}>`;
  }
}
