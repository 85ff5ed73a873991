import type { Priority } from './canvas.ts';

/** Talk about the meeting, the paperwork and the day, not about the product. */
const meetingTalk =
  /\b(?:permissions? to record|record(?:ed|ing)? (?:this|the|our|of)? ?(?:meeting|call|session|conversation)|(?:meeting|session|conversation) (?:will be|is being) recorded|(?:this|our|the|next|team|customer|last) meeting|for the meeting|transcripts?|transcri(?:be|ption)|consent to|published in|licen[cs]e|agenda|figma|screen[- ]shar(?:e|ing)|share my screen|my slides|calendar invite|instructors?|homework|grading|lectures?|next week|this week|by (?:monday|tuesday|wednesday|thursday|friday)|(?:on|at|for|after) (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|p\.?m\.?|o'clock|weekend|good (?:morning|afternoon|evening)|goodbye|bye|you(?:'re| are) welcome|moodle|the assignments?|deadline for us|google meet|reports? week|sanitized|personally identifiable|take (?:this|it|all this) down|write (?:this|it) down|your (?:formal )?approval|approve (?:the|them|this plan)|confirm (?:this|the|that|you)|(?:hold|own|transfer|have|has) (?:the|these) rights|open for transfer|open[- ]source|(?:must|should|could|user|separate|distinct|those|last two)(?:[- ][a-z]+)? stor(?:y|ies)|every story|must haves are|(?:suggest|or) (?:monday|tuesday|wednesday|thursday|friday)|moscow|methodology|requirements? document)\b/i;

/** People steering the talk: "let me open", "let's move on", "I will show". */
const steering =
  /\b(?:let me|let's|let us) (?:just |quickly |first |now |start |see |go |get |look |try |move |discuss |talk |take |think |revisit |sort |break |decide |try |figure |open |show |begin |begin|continue|read|skip|scroll)\b|^(?:so,? |and |now,? |okay,? )*(?:i'll|i will|we'll|we will|we can|i can|i'd like to|we want to|i want to|let me) (?:now |just |also |quickly |first )*(?:show|send|share|read|explain|present|open|ask|go|start|demo|discuss|talk|look|check|clarify|meet|confirm|hear|say|thank|tell|begin|walk|write to|take|keep (?:it|that) in mind|be waiting|be planning|think|fix that|double-check|do our best|get|state|zoom|adjust|address)\b|\b(?:you can see|as you (?:can )?(?:see|know|remember)|can (?:everyone|you) (?:see|hear)|(?:can|could) you (?:clarify|explain|tell|confirm)|we can move|(?:like|want|love) (?:us|everyone|you guys) to|(?:conversation|meet|talk) with you|is it (?:visible|okay|fine)|do you (?:mind|like|see|have|understand|want me))\b|\bwe should (?:start|begin|finish|meet|move|go|be close)\b|\b(?:need|want|like) (?:to|you to) (?:understand|know|ask|discuss|talk|decide|clarify|confirm|finish|meet|test your|draw|see how)\b/i;

/** "Should" and "can" that guess or permit instead of asking. */
const guessing =
  /\b(?:should|must|would|could|can|may|might) (?:be|have been) (?:fine|enough|sufficient|ok|okay|good|right|wrong|easy|hard|possible|interesting|clear|visible|done by|finished)\b|\b(?:should|must) have\b(?! an? | the )|\bshould i\b|\bwe should finish\b|\bcan't (?:really )?(?:know|say|tell|remember|see|hear|write)\b|\b(?:looks? (?:good|nice|great)|nicely|inconvenient|may not hold|might not|may simply)\b|\b(?:in|during|from) (?:our|my|your|the current|the live) (?:[\w-]+ ){0,2}(?:demo|prototype|version|mock-?up)\b|\bi (?:can|could|can't|couldn't|cannot|may|might|must) (?!enter|type|upload|choose|pick|set|run|give|name|specify|download)\b/i;

const strong =
  /\b(?:must|shall|has to|have to|needs? to|needs? (?:an?|the|some|clear|their|more)|should|ought to|wants?|would like|(?:i|we|they)'d like|is required|are required|must-have|should-have|could-have|mandatory|make sure|ensure|let (?:the|users?|people|customers|them|it)|allows?|be able to|is able to|are able to|(?:has|have|with) the (?:ability|option) to|the option to|an option to|prioriti[sz]e|it would be (?:nice|great|good|convenient|cool|helpful|useful|better)|nice[- ]to[- ]have|is a nice addition|(?:we|i)(?:'ll| will) (?:also |definitely )*(?:add|build|implement|support|include|provide|have)|(?:i|we)(?:'d| would) (?:also |still |actually )*(?:suggest|propose|recommend|add|want|raise)|(?:is|are|would be|'s) (?:useful|desirable|convenient|important)|(?:could|can|should|may) (?:also )?add|we plan to|going to (?:add|build|have|support))\b/i;

const capability =
  /\b(?:users?|people|customers?|admins?|administrators?|managers?|everyone|anyone|visitors?|members?|players?|child(?:ren)?|kids?|parents?|teachers?|students?|editors?|workers?|analysts?|they|he|she|it|system|app|application|game|dashboard|page|screen|you|there|the [a-z]+(?: [a-z]+)?) (?:can|could|may|will|lets?|shows?|displays?|sees?|gets?|sends?|receives?|uploads?|selects?|chooses?|supports?)\b|\b(?:is|are) (?:sent|shown|displayed|notified|tagged|marked|sorted|highlighted|preserved|updated|merged|implemented|tracked)\b|\b(?:there(?:'s| is| are)|we have|we(?:'ve| have) got|with) (?:an? |also |sorting|icons|the )|\b(?:we|you) (?:could|can|might)\b|\bin real[- ]time\b|\b(?:they|you|we|users?|it)'d (?:see|get|have|show|hear|receive)\b|^for (?:the )?mvp\b/i;

/** How surely a sentence asks for something of the product. null: it does not. */
export function requirementStrength(sentence: string): 'strong' | 'weak' | null {
  if (meetingTalk.test(sentence) || steering.test(sentence) || guessing.test(sentence)) return null;
  if (strong.test(sentence)) return 'strong';
  return capability.test(sentence) ? 'weak' : null;
}

export function isMeetingTalk(text: string): boolean {
  return meetingTalk.test(text) || steering.test(text);
}

const wontWords = /\bwon'?t[- ]have\b|\bout of scope\b|\bwill not have\b/i;
const mustWords =
  /\bmust(?:[- ]haves?)?\b|\bmandatory\b|\brequired\b|\bessential\b|\bhas to\b|\bhave to\b|\bcritical\b|\btop priority\b|\bp0\b/i;
const shouldWords = /\bshould(?:[- ]haves?)?\b|\bimportant\b|\bp1\b/i;
const couldWords =
  /\bcould[- ]haves?\b|\bnice[- ]to[- ]haves?\b|\boptional(?:ly)?\b|\bif possible\b|\bnice addition\b|\bwould be nice\b|\bbonus\b|\bp2\b/i;

/** What the words of one sentence say of priority; modal verbs count, the named classes count more. */
export function priorityOf(text: string): Priority {
  const named = namedPriority(text);
  if (named !== null) return named;
  if (couldWords.test(text)) return 'could';
  if (/\bnot (?:a )?(?:must|required|mandatory|critical)/i.test(text)) return 'unstated';
  if (mustWords.test(text)) return 'must';
  return shouldWords.test(text) ? 'should' : 'unstated';
}

/** A MoSCoW class by name: "must-have", "priority is Should", "optional", "Could Have". null: none is named. */
export function namedPriority(text: string): Priority | null {
  if (/\bnot (?:a |an )?must[- ]?haves?\b/i.test(text))
    return /\b(?:is|are) a must[- ]have\b/i.test(text) ? 'must' : 'could';
  if (wontWords.test(text)) return 'wont';
  const named =
    /\b(must|should|could)[- ](?:and [a-z]+[- ])?have(?:s)?\b(?! (?:been|to|the|an?|gone|done)\b)/i.exec(text) ??
    /\bpriority(?:'s)? (?:(?:of|is|has|to|also|a)\s+)*(must|should|could)\b/i.exec(text) ??
    /\b(must|should|could)\s+(?:have\s+)?priority\b/i.exec(text);
  const word = named?.[1]?.toLowerCase();
  if (word === 'must' || word === 'should' || word === 'could') return word;
  return /\bnice[- ]to[- ]haves?\b|\boptional\b/i.test(text) ? 'could' : null;
}

/** What a heading says of the bullets beneath it. null: it is no heading of features. */
export function readHeading(heading: string): { priority: Priority; inMvp: boolean | null } | null {
  const text = heading.replaceAll('*', '');
  const inMvp =
    /\b(?:not in|after|beyond|post)[ -](?:the )?mvp\b|\b(?:later|future|backlog|v2|version 2|phase 2|mvp ?2)\b/i.test(
      text,
    )
      ? false
      : /\bmvp\b|\bfirst (?:version|release)\b|\bv1\b/i.test(text)
        ? true
        : null;
  const moscow =
    /\b(must|should|could|won'?t)(?:\s*[-/]\s*(?:must|should|could|won'?t))*[ -]*haves?\b/i.exec(text) ??
    /^(must|should|could|won'?t)s?\b(?=\s*(?:[:(]|$))/i.exec(text);
  const word = moscow?.[1]?.toLowerCase().replace("'", '');
  if (word === 'wont') return { priority: 'wont', inMvp: false };
  if (word === 'must' || word === 'should' || word === 'could') return { priority: word, inMvp };
  if (/\bnice[- ]to[- ]haves?\b|\boptional\b/i.test(text)) return { priority: 'could', inMvp };
  if (
    /\b(?:features?|functionality|functional requirements?|requirements|scope|we need|wish ?list|it should|it must|should be able to|users? can|needs to)\b/i.test(
      text,
    ) &&
    !/\bnon-functional\b/i.test(text)
  )
    return { priority: 'unstated', inMvp };
  return inMvp !== null && text.length < 40 ? { priority: 'unstated', inMvp } : null;
}

/** Whether a sentence puts its matter inside (true) or outside (false) the first version. null: it does not say. */
export function readMvp(sentence: string): boolean | null {
  if (
    /\b(?:not (?:in|for|part of|needed (?:in|for|before))|don't do this in|remove (?:this|it|that) from|after|beyond) (?:the |our )?(?:mvp|first version)\b/i.test(
      sentence,
    )
  )
    return false;
  if (
    /\bmvp ?(?:v?2|two)/i.test(sentence) ||
    /\b(?:later (?:version|milestone|release|iteration|stage)|next (?:version|release)|second version)\b/i.test(
      sentence,
    )
  )
    return false;
  if (/\bfor the (?:minimum viable product|mvp),? (?:let's|we) (?:remove|drop|skip|leave out)\b/i.test(sentence))
    return false;
  return /\b(?:for|in|into|of|the) (?:the |our )?(?:mvp|first version)\b(?!.*\bnot\b)/i.test(sentence) ? true : null;
}
