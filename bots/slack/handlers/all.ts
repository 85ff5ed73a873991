import type { App } from '@slack/bolt';
import { hearNativeStop } from '../native/hear-stop.ts';
import type { SlackTools } from '../slack-tools.ts';
import { changeBindings } from './bind-card.ts';
import { bindChannels } from './bind-channel.ts';
import { forgetConversations } from './forget-conversation.ts';
import { forgetFromCard } from './forget-here.ts';
import { hearChanges } from './hear-changes.ts';
import { hearChannels } from './hear-channels.ts';
import { hearCommands } from './hear-commands.ts';
import { hearMessages } from './hear-messages.ts';
import { hearModals } from './hear-modals.ts';
import { hearPresses } from './hear-presses.ts';
import { hearReactions } from './hear-reactions.ts';
import { hearTokens } from './hear-tokens.ts';
import { hearIngestShortcut } from './ingest-shortcut.ts';
import { openHome } from './open-home.ts';

/** Everything that Slack can bring: one line a kind. */
export const handlers: readonly ((app: App, tools: SlackTools) => void)[] = [
  hearMessages,
  hearChanges,
  hearReactions,
  hearIngestShortcut,
  hearChannels,
  hearTokens,
  hearPresses,
  hearNativeStop,
  hearModals,
  hearCommands,
  bindChannels,
  changeBindings,
  forgetConversations,
  forgetFromCard,
  openHome,
];
