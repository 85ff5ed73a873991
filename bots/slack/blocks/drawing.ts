import type { Post } from '#src/ports/chat.ts';
import type { DrawContext } from './slack-message.ts';

/** How much of each block is drawn: a message shows the beginning, a modal all of it. */
export interface Amount {
  isAll: boolean;
  textChars: number;
  itemTextChars: number;
  items: number;
  facts: number;
  steps: number;
  codeLines: number;
  codeChars: number;
  files: number;
  quoteChars: number;
}

/** About what a phone shows in two screens. */
export const PREVIEW: Amount = {
  isAll: false,
  textChars: 1_600,
  itemTextChars: 300,
  items: 15,
  facts: 12,
  steps: 20,
  codeLines: 20,
  codeChars: 1_200,
  files: 8,
  quoteChars: 600,
};

export const ALL: Amount = {
  isAll: true,
  textChars: Infinity,
  itemTextChars: Infinity,
  items: Infinity,
  facts: Infinity,
  steps: Infinity,
  codeLines: Infinity,
  codeChars: Infinity,
  files: Infinity,
  quoteChars: Infinity,
};

export interface Drawing {
  /** Its card's texts are readable already. */
  post: Post;
  context: DrawContext;
  amount: Amount;
}
