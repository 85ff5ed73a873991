import type { Json } from '../workspace/json.ts';

/** Marks that Slack's client has made already: mentions, channels, links. */
const MARKUP = /(<(?:@|#|!|https?:|mailto:)[^<>]*>)/;

/**
 * Typed words as Slack sends them: `&`, `<` and `>` escaped, addresses in angle brackets. A test may write marks of its
 * own, `<@U…>`; they are left alone.
 */
export function escapeTyped(text: string): string {
  return text
    .split(MARKUP)
    .map((part, index) => (index % 2 === 1 ? part : linked(escaped(part))))
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function linked(text: string): string {
  return text.replace(/\bhttps?:\/\/[^\s`]+[^\s`.,;:!?)]/g, '<$&>');
}

/** The block that Slack's client makes of what a person types. */
export function richText(blockId: string, text: string): Json {
  const elements = text.split(/```\n?([\s\S]*?)\n?```/).flatMap((part, index) => {
    if (index % 2 === 1)
      return [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: unescaped(part) }] }];
    return part === '' ? [] : [{ type: 'rich_text_section', elements: inline(part) }];
  });
  return { type: 'rich_text', block_id: blockId, elements };
}

function inline(text: string): Json[] {
  return text
    .split(MARKUP)
    .filter((part) => part !== '')
    .map((part) => {
      const userId = /^<@([UW][A-Z0-9]+)>$/.exec(part)?.[1];
      if (userId !== undefined) return { type: 'user', user_id: userId };
      const url = /^<((?:https?|mailto):[^|>]+)/.exec(part)?.[1];
      return url === undefined ? { type: 'text', text: unescaped(part) } : { type: 'link', url: unescaped(url) };
    });
}

function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
