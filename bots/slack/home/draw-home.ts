import type { HomeView, KnownBlock } from '@slack/types';
import { plainText } from '../blocks/buttons.ts';
import { readableText } from '../blocks/readable-card.ts';
import { bullet, inline, inlineLink, line, linesBlocks, words } from '../blocks/rich-text.ts';
import type { Line } from '../blocks/rich-text.ts';
import type { DrawContext } from '../blocks/slack-message.ts';
import { plain, shorten } from '../blocks/words.ts';

interface HomeItem {
  text: string;
  /** null: it has no message in Slack yet. */
  url: string | null;
}

export interface HomeProject {
  name: string;
  repository: string | null;
  /** Those that have not ended. */
  tasks: readonly HomeItem[];
  moreTasks: number;
}

export interface Home {
  /** Who halted the factory, when, and how it goes on; left out: nobody did. */
  halt?: string;
  /** What waits for the person who looks. */
  mine: readonly HomeItem[];
  moreMine: number;
  /** What waits for others. */
  others: readonly HomeItem[];
  moreOthers: number;
  projects: readonly HomeProject[];
  moreProjects: number;
  /** `/workbench` */
  command: string;
}

const HEADER_CHARS = 150;
const ITEM_CHARS = 250;

/** The stage board: what waits for me, then for others, then each project with its open tasks. Within Slack's 100 blocks. */
export function drawHome({ mine, others, projects, ...home }: Home, context: Pick<DrawContext, 'nameOf'>): HomeView {
  const items = (all: readonly HomeItem[], more: number): Line[] => [
    ...all.map((item) => itemLine(item, context)),
    ...(more > 0 ? [bullet(words(`and ${more} more`))] : []),
  ];
  const nothing = (text: string): Line[] => [line(words(text))];
  const waits = mine.length === 0 ? nothing('Nothing waits for you.') : items(mine, home.moreMine);
  const blocks: KnownBlock[] = [];
  if (home.halt !== undefined)
    blocks.push(header('The factory is halted'), ...linesBlocks(nothing(plain(readableText(home.halt, context)))));
  blocks.push(header('Waits for you'), ...linesBlocks(waits));
  if (others.length > 0) blocks.push(header('Waits for others'), ...linesBlocks(items(others, home.moreOthers)));
  for (const { name, repository, tasks, moreTasks } of projects) {
    const open = tasks.length === 0 ? nothing('No open tasks.') : items(tasks, moreTasks);
    const where = repository === null ? nothing('No repository yet.') : nothing(`Works on ${repository}`);
    blocks.push(header(readableText(name, context)), ...linesBlocks([...where, ...open]));
  }
  if (projects.length === 0) {
    blocks.push(
      ...linesBlocks(nothing(`There is no project yet. Type ${home.command} bind in a channel to begin one.`)),
    );
  }
  if (home.moreProjects > 0) blocks.push(...linesBlocks(nothing(`And ${home.moreProjects} more projects.`)));
  return { type: 'home', blocks };
}

function header(text: string): KnownBlock {
  return { type: 'header', text: plainText(text, HEADER_CHARS) };
}

function itemLine({ text, url }: HomeItem, context: Pick<DrawContext, 'nameOf'>): Line {
  const said = shorten(plain(readableText(text, context)), ITEM_CHARS);
  return bullet(...(url === null ? inline(said) : inlineLink(said, url)));
}
