import type { Card, CardAction, CardBlock, CardListItem } from '#src/ports/chat.ts';

/** What becomes of the two kinds of text on a card. */
export interface CardTexts {
  words: (text: string) => string;
  /** Code and paths. */
  code: (text: string) => string;
}

/** The card with every text of it changed. Names, threads, reasons and commands stay as they are. */
export function mapCard(card: Card, texts: CardTexts): Card {
  const { words } = texts;
  return {
    ...card,
    lead: words(card.lead),
    outcome: maybe(card.outcome, words),
    blocks: card.blocks.map((block) => mapBlock(block, texts)),
    actions: card.actions.map((action) => mapAction(action, words)),
  };
}

function mapBlock(block: CardBlock, texts: CardTexts): CardBlock {
  const { words, code } = texts;
  switch (block.type) {
    case 'text':
      return { ...block, text: words(block.text) };
    case 'facts':
      return {
        ...block,
        facts: block.facts.map((fact) => ({ ...fact, label: words(fact.label), value: words(fact.value) })),
      };
    case 'list':
      return {
        ...block,
        title: maybe(block.title, words),
        items: block.items.map((item) => mapItem(item, words)),
      };
    case 'steps':
      return { ...block, steps: block.steps.map((step) => ({ ...step, label: words(step.label) })) };
    case 'fold':
      return { ...block, summary: words(block.summary), blocks: block.blocks.map((folded) => mapBlock(folded, texts)) };
    case 'quote':
      return { ...block, speaker: words(block.speaker), text: words(block.text) };
    case 'code':
      return { ...block, path: maybe(block.path, code), text: code(block.text) };
    case 'diff':
      return { ...block, files: block.files.map((file) => ({ ...file, path: code(file.path) })) };
  }
}

function mapItem(item: CardListItem, words: CardTexts['words']): CardListItem {
  return {
    ...item,
    text: words(item.text),
    detail: maybe(item.detail, words),
    actions: item.actions.map((action) => mapAction(action, words)),
  };
}

function mapAction(action: CardAction, words: CardTexts['words']): CardAction {
  return {
    ...action,
    label: words(action.label),
    confirm: maybe(action.confirm, words),
    input: action.input === null ? null : mapInput(action.input, words),
  };
}

function mapInput(input: NonNullable<CardAction['input']>, words: CardTexts['words']): CardAction['input'] {
  const { choices, value, ...rest } = input;
  return {
    ...rest,
    label: words(input.label),
    ...(value === undefined ? {} : { value: words(value) }),
    ...(choices === undefined
      ? {}
      : {
          choices: choices.map(({ options, ...choice }) => ({
            ...choice,
            label: words(choice.label),
            options: options.map(({ value, text }) => ({ value, text: words(text) })),
          })),
        }),
  };
}

function maybe(text: string | null, change: (text: string) => string): string | null {
  return text === null ? null : change(text);
}
