import { describeChat } from '#test/contracts/chat.ts';
import { openSlackChat } from './slack-chat.ts';

describeChat('Slack', openSlackChat);
