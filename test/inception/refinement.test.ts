import { expect, it } from 'vitest';
import { applyRefinement } from '#src/inception/apply-refinement.ts';
import { checkRefinement, countEntries } from '#src/inception/check-refinement.ts';
import { extractCanvas } from '#src/inception/extract.ts';
import type { Refinement } from '#src/inception/refinement.ts';
import type { Conversation } from '#src/ports/conversation.ts';
import { findCodeBlocks } from '#src/intake/markup.ts';
import { findChangeSets } from '#src/writers-room/change-sets.ts';
import { refineStories } from '#src/writers-room/refine-stories.ts';
import { writeStories } from '#src/writers-room/write-stories.ts';

const said: readonly [string, string][] = [
  ['Ada', 'We need to add reminders that are sent by email the evening before an appointment.'],
  ['ChatGPT', 'You could also offer reminders by fax and a loyalty programme with stamps.'],
  ['Grace', 'No fax. Patients forget the address, the clinic moved twice last year.'],
];

const conversation: Conversation = {
  id: 'clinic',
  title: 'Clinic reminders',
  source: 'transcript',
  skipped: [],
  messages: said.map(([speaker, text], position) => ({
    position,
    speaker,
    role: speaker === 'ChatGPT' ? 'assistant' : 'person',
    at: null,
    text,
    originId: null,
  })),
};

const nothing: Refinement = { vision: [], features: [], goals: [], constraints: [], openQuestions: [], stories: [] };
const check = (proposed: Partial<Refinement>, keys: string[] = []) =>
  checkRefinement(conversation, new Set(keys), { ...nothing, ...proposed });
const canvas = extractCanvas(conversation);

it('keeps what rests on the words of the messages that it names', () => {
  const { kept, refused } = check({
    features: [{ text: 'Put the address of the clinic into the reminder', persona: 'patient', evidence: [2] }],
    vision: [{ slot: 'problem', value: 'patients forget the address', evidence: [2] }],
  });
  expect(refused).toEqual([]);
  expect(countEntries(kept)).toBe(2);
});

it.each([
  ['a message that does not exist', [7], 'message 8 does not exist'],
  ['no message', [], 'it names no message'],
  ['a message that speaks of something else', [0], 'do not speak of it'],
  ['an assistant alone', [1], 'no person said it'],
])('refuses and counts a feature that cites %s', (_, evidence, why) => {
  const text = why.startsWith('no person') ? 'A loyalty programme with stamps' : 'The clinic moved to another address';
  const { kept, refused } = check({ features: [{ text, persona: null, evidence }] });
  expect(kept.features).toEqual([]);
  expect(refused).toHaveLength(1);
  expect(refused[0]).toContain(why);
});

it('refuses changes to stories that are not in the backlog', () => {
  const { kept, refused } = check({
    stories: [{ key: 'story-x', title: 'Approve all', narrative: null, criteria: [] }],
  });
  expect(kept.stories).toEqual([]);
  expect(refused[0]).toContain('story-x');
});

it('folds new features under maybe, fills only empty slots, and leaves what people said as it is', () => {
  const withProblem = {
    ...canvas,
    vision: { ...canvas.vision, problem: { value: 'no-shows', basis: 'stated' as const, evidence: [0] } },
  };
  const refined = applyRefinement(withProblem, {
    ...nothing,
    vision: [
      { slot: 'problem', value: 'patients forget the address', evidence: [2] },
      { slot: 'finalClient', value: 'patients', evidence: [2] },
    ],
    features: [{ text: 'Put the address of the clinic into the reminder', persona: null, evidence: [2] }],
  });
  expect(refined.vision.problem.value).toBe('no-shows');
  expect(refined.vision.finalClient).toEqual({ value: 'patients', basis: 'inferred', evidence: [2] });
  // Nobody is asked for what is there now; the rest is still asked.
  const asked = (of: typeof canvas) => of.openQuestions.map(({ text }) => text);
  expect(asked(canvas)).toContain('Who is this for?');
  expect(asked(refined)).not.toContain('Who is this for?');
  expect(asked(refined)).toContain('What is the product called?');
  expect(refined.features.slice(0, canvas.features.length)).toEqual(canvas.features);
  expect(refined.features.at(-1)).toMatchObject({ maybe: true, basis: 'inferred', status: 'active' });
});

it('does not bring back what people took back', () => {
  const feature = canvas.features[0];
  if (feature === undefined) throw new Error('the conversation asks for a feature');
  const withdrawn = { ...canvas, features: [{ ...feature, status: 'removed' as const, withdrawnBy: 2 }] };
  const again = { text: feature.text, persona: null, evidence: [0] };
  expect(applyRefinement(withdrawn, { ...nothing, features: [again] }).features).toEqual(withdrawn.features);
});

it('gives stories clearer words and more criteria, and keeps key, code and order', () => {
  const { changeSets, emptied } = findChangeSets(conversation, findCodeBlocks(conversation.messages));
  const map = writeStories(conversation, canvas, changeSets, emptied);
  const story = map.stories[0];
  if (story === undefined) throw new Error('the conversation makes a story');
  const criterion = {
    given: ['an appointment tomorrow'],
    when: ['it is evening'],
    then: ['an email is sent'],
    evidence: [0],
  };
  const refined = refineStories(map, {
    stories: [
      {
        key: story.key,
        title: 'Send a reminder by email',
        narrative: null,
        criteria: [
          { text: 'The evening before an appointment an email goes out', ...criterion },
          { text: 'Nothing comes of this one', given: [], when: ['it rains'], then: [], evidence: [0] },
        ],
      },
    ],
  }).stories[0];
  expect(refined).toMatchObject({ key: story.key, title: 'Send a reminder by email', narrative: story.narrative });
  expect(refined?.criteria.map(({ id }) => id)).toEqual([
    ...story.criteria.map(({ id }) => id),
    `c${story.criteria.length + 1}`,
  ]);
  expect(refined?.gherkin).toContain('an email is sent');
});
