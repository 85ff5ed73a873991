import { type Reading, findOffer, readMessage } from '#src/inception/acknowledgement.ts';
import { splitPieces } from '#src/inception/sentences.ts';
import { findWithdrawal } from '#src/inception/withdraw.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { proseOf } from '#src/intake/prose.ts';

/** One message as the writers' room reads it. */
export interface Turn {
  position: number;
  role: 'person' | 'assistant';
  /** The text without its code. */
  prose: string;
  reading: Reading;
  /** A person asks here for something: a request, a correction, or a yes to an offer. */
  asks: boolean;
  /** What is asked, in words: the message's own prose, or the offer that it says yes to. */
  request: string;
  /** Asks for a thing that was not there before (a function, a command, a page), not for a change of one. */
  asksForNew: boolean;
}

const things =
  'functions?|commands?|subcommands?|pages?|endpoints?|routes?|modules?|class(?:es)?|components?|scripts?|features?|options?|flags?|buttons?|screens?|files?|helpers?|methods?|apis?|forms?|views?|services?|cli|tools?|apps?|applications?|server|library|package|hooks?|workers?|jobs?|quer(?:y|ies)|migrations?|schemas?|bots?|games?|site|website|plugins?|extensions?|middleware|parsers?|formatters?|converters?|validators?|counters?|generators?|search|filters?|login|dashboard|readme|workflow|dockerfile|program';
const newThing = new RegExp(
  `\\b(?:write|create|build|implement|generate|develop|design|add|make|give me|need|want|introduce)\\b (?:me |us |also |now |to have |to see )*(?:(?:a|an|another|one|some|new|two|three|second|third|\\d+) )(?:[\\w'\`./:-]+ ){0,6}?(?:${things})\\b`,
  'i',
);
const namedThing =
  /\b(?:write|implement|create|add|export|build|need|want|make)\b (?:me |us |a |an |another |also |new |the )*(?:function |method |class |helper |command )?`?[A-Za-z_$][\w$.]*`?\s?\(/i;
const thingNamed = new RegExp(
  `\\b(?:write|implement|create|add|build)\\b (?:me |us )*(?:(?:the )?(?:${things}) )?[\`"][\\w$./ -]+[\`"](?: (?:${things}))?`,
  'i',
);
const turnsToNew =
  /^(?:\W*(?:great|ok|okay|perfect|thanks|nice|good|cool|yes)\W+)*(?:next|another thing|one more thing|separately|different topic|new topic|moving on|now for|new request|second request)\b/i;
/** "Add a test for it", "add a comment", "add a check for null" change what is there. */
const addsToWhatIsThere =
  /\b(?:add|write|include|give me|need|want|create)\b (?:me |us |also |some |a |an |the |more |unit |another |few |couple of )*(?:tests?|comments?|docs?|docstrings?|types?|type hints?|checks?|guards?|case|cases|validation|error handling|logging|jsdoc|examples?)\b/i;

function asksForSomethingNew(prose: string): boolean {
  if (turnsToNew.test(prose)) return true;
  const firstLines = prose.slice(0, 600);
  if (addsToWhatIsThere.test(firstLines) && !namedThing.test(firstLines)) return false;
  return newThing.test(firstLines) || namedThing.test(firstLines) || thingNamed.test(firstLines);
}

/** Reads every message once, in order. Positions are those of the messages, whatever their index. */
export function readTurns(conversation: Conversation): Turn[] {
  const turns: Turn[] = [];
  let offer: string | null = null;
  for (const message of conversation.messages) {
    const prose = proseOf(message.text).trim();
    if (message.role === 'assistant') {
      offer = findOffer(prose);
      turns.push({
        position: message.position,
        role: 'assistant',
        prose,
        reading: silent,
        asks: false,
        request: '',
        asksForNew: false,
      });
      continue;
    }
    const reading = readMessage(prose);
    const takesOffer = offer !== null && reading.reaction === 'accepts' && !reading.asks;
    const request: string = takesOffer ? (offer ?? prose) : prose;
    const reacts = reading.reaction === 'complains' || reading.reaction === 'declines';
    turns.push({
      position: message.position,
      role: 'person',
      prose,
      reading,
      asks: reading.asks || takesOffer,
      request,
      asksForNew: (reading.asks || takesOffer) && !(reacts && !turnsToNew.test(prose)) && asksForSomethingNew(request),
    });
    if (prose !== '') offer = null;
  }
  return turns;
}

const silent: Reading = { reaction: 'none', asks: false, question: false, bare: false, onlySaysNo: false };

/** What a message takes back by name ("drop the retry helper"), as written. */
export function withdrawnNames(prose: string): string[] {
  const names: string[] = [];
  for (const piece of splitPieces(prose)) {
    const withdrawal = findWithdrawal(piece.text);
    if (withdrawal !== null && withdrawal.target !== null) names.push(withdrawal.target);
  }
  return names;
}
