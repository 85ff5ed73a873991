import { describeChat } from '#test/contracts/chat.ts';
import { openRoomChat } from './room-chat.ts';

describeChat('the room', openRoomChat);
