import { describe, expect, it } from 'vitest';
import { answerBeginnings } from '#src/inception/vision.ts';
import type { Canvas } from '#src/inception/canvas.ts';
import { extractCanvas } from '#src/inception/extract.ts';
import { said } from './fixtures/said.ts';

function extract(...lines: string[]): Canvas {
  return extractCanvas(said(...lines));
}

/** Sure features as `status priority: text [evidence]`. */
function features(...lines: string[]): string[] {
  return extract(...lines)
    .features.filter((feature) => !feature.maybe)
    .map(({ status, priority, text, evidence }) => `${status} ${priority}: ${text} [${evidence.join(',')}]`);
}

function maybes(...lines: string[]): string[] {
  return extract(...lines)
    .features.filter((feature) => feature.maybe)
    .map((feature) => feature.text);
}

describe('what counts as a feature', () => {
  it('a user story, with its persona and without its reason', () => {
    const canvas = extract("Ana: As a baker, I want to see tomorrow's orders, so that I know when to start.");
    expect(canvas.features).toMatchObject([
      {
        text: "See tomorrow's orders",
        persona: 'Baker',
        basis: 'stated',
        status: 'active',
        evidence: [0],
        maybe: false,
      },
    ]);
    expect(canvas.personas).toMatchObject([{ name: 'Baker', needs: ["See tomorrow's orders"], evidence: [0] }]);
  });

  it('bullets under MoSCoW headings, with the priority of their heading', () => {
    const canvas = extract(
      "Ana: Must have (for the MVP):\n- Order form\n- Daily baking list\n\nCould have:\n- Loyalty points\n\nWon't have:\n- Home delivery",
    );
    expect(canvas.features.map(({ text, priority, inMvp }) => [text, priority, inMvp])).toEqual([
      ['Order form', 'must', true],
      ['Daily baking list', 'must', true],
      ['Loyalty points', 'could', null],
      ['Home delivery', 'wont', false],
    ]);
  });

  it('a sentence that says what must be', () => {
    expect(features('Ana: Customers must be able to cancel an order until midnight.')).toEqual([
      'active must: Cancel an order until midnight [0]',
    ]);
  });

  it('a request for code, however many sentences it takes', () => {
    const lines = features(
      'You: Hi! Can you write a function slugify(title) that lowercases a title? Accents should be removed. It must not end with a dash.',
      'Bot: Here:\n```js src/slug.js\nexport const slugify = 1; // the function should also cache\n```',
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('slugify(title)');
  });

  it('two functions stay two features however alike the sentences are', () => {
    const code = 'Bot: Here:\n```js a.js\n1\n```';
    expect(
      features(
        'You: Write a function parse(text) for our logs.',
        code,
        'You: Write a function print(text) for our logs.',
        code,
      ),
    ).toHaveLength(2);
  });

  it('only once, with all the messages that speak of it', () => {
    const lines = features(
      'Ana: We need a daily baking list.',
      'Ben: Right, the daily baking list should be printable.',
      'Ana: Is the daily baking list sorted by time?',
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('[0,1,2]');
  });
});

describe('what does not', () => {
  it.each([
    ['greetings', 'Ana: Good morning everyone, welcome. How are you?'],
    [
      'permission to record',
      'Ana: We need your permission to record this meeting, and the transcript will be published.',
    ],
    ['steering the talk', 'Ana: Let me share my screen, then we should start with the agenda.'],
    ['appointments', 'Ana: We should meet on Thursday at 3 p.m., I will send the invitation.'],
    ['thanks', 'Ana: Great, thank you very much!'],
    ['questions', 'Ana: What should the list of orders show to the bakers?'],
    [
      'code in a fence',
      'Ana: This is our file.\n```js\n// bakers must be able to delete old orders\nconst mustHave = 1;\n```',
    ],
  ])('%s', (_kind, line) => {
    expect(features(line)).toEqual([]);
  });

  it('a description of what is there is a maybe at most', () => {
    expect(
      extract('Ana: The page shows a list of breads with prices.').features.every(
        (feature) => feature.maybe && feature.basis === 'inferred',
      ),
    ).toBe(true);
  });
});

describe('proposals of an assistant', () => {
  const proposal = 'Bot: For the MVP: order form, loyalty points, home delivery.';

  it('are no decision while nobody takes them up', () => {
    expect(features('You: I run a bakery.', proposal)).toEqual([]);
    expect(maybes('You: I run a bakery.', proposal)).toHaveLength(3);
  });

  it('become one with a yes, which stands in the evidence', () => {
    expect(
      features('You: I run a bakery.', proposal, "You: Great, let's do it.").map((line) =>
        line.replace(/^\w+ \w+: /, ''),
      ),
    ).toEqual(['Order form [1,2]', 'Loyalty points [1,2]', 'Home delivery [1,2]']);
  });

  it('are taken in parts when the answer has parts', () => {
    const lines = features(
      'You: I run a bakery.',
      proposal,
      'You: Yes to the order form and loyalty points, but no home delivery.',
    );
    expect(lines.map((line) => line.replace(/^(\w+) \w+: /, '$1 '))).toEqual([
      'active Order form [1,2]',
      'active Loyalty points [1,2]',
    ]);
  });

  it('can be picked by number', () => {
    const list = 'Bot: **Features:**\n1. Order form\n2. Loyalty points\n3. Home delivery';
    expect(
      features('You: I run a bakery.', list, 'You: Just 1 and 3 please').map((line) => line.replace(/^\w+ \w+: /, '')),
    ).toEqual(['Order form [1,2]', 'Home delivery [1,2]']);
  });

  it('turned down are gone', () => {
    expect(extract('You: I run a bakery.', proposal, 'You: No, none of that.').features).toEqual([]);
  });

  it('that come with code are explanations of the code', () => {
    expect(
      extract('You: Hello there.', 'Bot: The features:\n- Printed baking list\n- Order form\n```js a.js\n1\n```')
        .features,
    ).toEqual([]);
  });

  it('what it merely explains is not even a maybe', () => {
    expect(
      extract(
        'You: Why is my bread flat?',
        'Bot: It can have several causes:\n- Old yeast\n- Cold dough\nYou should check the oven.',
      ).features,
    ).toEqual([]);
  });
});

describe('ideas between people', () => {
  it('stay maybe until another person says yes', () => {
    expect(maybes('Ana: We could print the baking list on paper.')).toEqual(['Print the baking list on paper']);
    expect(features('Ana: We could print the baking list on paper.', 'Ben: Yes, great.')).toHaveLength(1);
  });
});

describe('priorities', () => {
  it.each([
    ['Ben: This is a must-have.', 'must'],
    ['Ben: Optional then.', 'could'],
    ['Ben: I think it is more of a should-have.', 'should'],
  ])('are set afterwards: %s', (line, priority) => {
    expect(extract('Ana: As a baker, I want to print the baking list.', line).features).toMatchObject([
      { priority, evidence: [0, 1] },
    ]);
  });

  it('are announced before: "priority is Should"', () => {
    expect(
      extract("Ana: The next story's priority is Should. As a baker, I want to print the baking list.").features,
    ).toMatchObject([{ priority: 'should' }]);
  });

  it('are asked and confirmed', () => {
    expect(
      extract('Ana: As a baker, I want to print the list.', 'Ana: Should this be a must-have?', 'Ben: Yes.').features,
    ).toMatchObject([{ priority: 'must' }]);
  });
});

describe('withdrawals', () => {
  const story = 'Ana: As a customer, I want to collect loyalty points.';
  const other = 'Ana: As a baker, I want to print the baking list.';

  it.each([
    ["Ben: Let's drop the loyalty points.", 'removed'],
    ["Ben: Let's not do loyalty points.", 'removed'],
    ['Ben: There is no need for loyalty points.', 'removed'],
    ['Ben: Forget the loyalty points.', 'removed'],
    ['Ben: We also removed loyalty points, it was too much.', 'removed'],
    ['Ben: Loyalty points are out of scope.', 'removed'],
    ['Ben: Leave the loyalty points out.', 'removed'],
    ["Ben: We don't need loyalty points anymore.", 'removed'],
    ['Ben: Loyalty points later.', 'deferred'],
    ['Ben: Loyalty points are not in the MVP.', 'deferred'],
    ["Ben: Let's postpone the loyalty points.", 'deferred'],
    ['Ben: Loyalty points can wait.', 'deferred'],
  ])('by name: %s', (line, status) => {
    const canvas = extract(story, other, line);
    expect(canvas.features.map((feature) => [feature.status, feature.withdrawnBy])).toEqual([
      [status, 2],
      ['active', null],
    ]);
    expect(canvas.features[0]?.evidence).toContain(2);
  });

  it.each([
    ["Ben: Let's drop that.", 'removed'],
    ['Ben: Forget it.', 'removed'],
    ['Ben: Not now, that can wait.', 'deferred'],
  ])('by pointing mean what was spoken of last: %s', (line, status) => {
    expect(extract(other, story, line).features.map((feature) => feature.status)).toEqual(['active', status]);
  });

  it('stay, however often the thing is mentioned again', () => {
    const canvas = extract(
      story,
      "Ben: Let's drop the loyalty points.",
      'Ana: Customers should see loyalty points and their worth in euros on the printed bill of the month.',
    );
    expect(canvas.features.filter((feature) => feature.status === 'active')).toEqual([]);
  });

  it('end only with plain words', () => {
    const canvas = extract(story, "Ben: Let's drop the loyalty points.", 'Ana: We need the loyalty points after all.');
    expect(canvas.features).toMatchObject([{ status: 'active', withdrawnBy: null }]);
  });

  it('of something nobody had asked for are kept as removed', () => {
    expect(extract(other, 'Ben: We also removed home delivery, it is out of scope.').features[1]).toMatchObject({
      text: 'Home delivery',
      status: 'removed',
      priority: 'wont',
    });
  });

  it('are not read out of questions or orders about code', () => {
    expect(extract(story, 'Ben: Should we drop the loyalty points?').features[0]?.status).toBe('active');
    expect(extract(story, 'Ben: Remove the dashes from the loyalty points.').features[0]?.status).toBe('active');
  });

  it('out of the MVP with a grade stay wanted, outside the MVP', () => {
    const canvas = extract(story, "Ben: Let's make it a must-have, but not in the MVP.");
    expect(canvas.features).toMatchObject([{ status: 'active', priority: 'must', inMvp: false }]);
  });
});

describe('vision', () => {
  it('is empty unless stated, and every empty slot is asked', () => {
    const canvas = extract('Ana: As a baker, I want to print the baking list.');
    expect(
      Object.values(canvas.vision).every(
        (slot) => slot.value === null && slot.basis === 'absent' && slot.evidence.length === 0,
      ),
    ).toBe(true);
    expect(canvas.openQuestions).toHaveLength(7);
    expect(canvas.openQuestions[0]).toEqual({ text: 'Who is this for?', evidence: [] });
  });

  it('is read from the sentence of the book', () => {
    const { vision } = extract(
      'Ana: For small bakeries who lose orders on paper, Crumb is a web app that collects orders in one list. Unlike spreadsheets, our product warns before the oven is full.',
    );
    expect(Object.values(vision).map((slot) => slot.value)).toEqual([
      'small bakeries',
      'lose orders on paper',
      'Crumb',
      'web app',
      'collects orders in one list',
      'spreadsheets',
      'warns before the oven is full',
    ]);
  });

  it('takes the last name that was given', () => {
    const { vision } = extract('Ana: The product is called Breadly.', 'Ben: No, call it "Crumb".');
    expect(vision.productName).toEqual({ value: 'Crumb', basis: 'stated', evidence: [1] });
  });

  it.each([
    ['finalClient', 'For editors who paste titles.', 'editors who paste titles'],
    ['problem', 'The problem is that addresses come out broken.', 'addresses come out broken'],
    ['productName', 'It is called Slugger.', 'Slugger'],
    ['category', 'It is a small library.', 'a small library'],
    ['keyBenefit', 'The benefit is that links keep working.', 'links keep working'],
    ['alternative', 'Unlike spreadsheets, it checks every title.', 'spreadsheets'],
    ['keyDifference', 'Unlike spreadsheets, it checks every title.', 'checks every title'],
  ] as const)('%s is filled by the answer that its question suggests', (slot, answer, value) => {
    const { vision } = extract('Ana: We need a list of titles.', `Ana: ${answer}`);
    expect(vision[slot]).toEqual({ value, basis: 'stated', evidence: [1] });
    const [beginning = ''] = answerBeginnings[slot].split(' …');
    expect(answer.startsWith(beginning)).toBe(true);
  });

  it('takes no advice for an answer', () => {
    const { vision } = extract('Ana: For users who wait long, show a bar.', 'Ana: It is a good example.');
    expect([vision.finalClient.basis, vision.category.basis]).toEqual(['absent', 'absent']);
  });

  it('takes nothing from an assistant or a question', () => {
    expect(
      extract('Bot: The product is called Breadly.', 'You: Is the product called Crumb?').vision.productName.basis,
    ).toBe('absent');
  });
});

describe('the other parts', () => {
  it('personas come from stories, role lists and role bullets', () => {
    const names = extract(
      'Ana: We have three roles: baker, cashier, and driver.',
      'Ana: Our roles:\n- **Shop Owner** — sees the day. They want to see the sales of every day.',
      'Ana: As a new customer, I want to order bread.',
    ).personas.map((persona) => persona.name);
    expect(names).toEqual(['Baker', 'Cashier', 'Driver', 'Shop owner', 'Customer']);
  });

  it('constraints are bounds on how it is built', () => {
    const canvas = extract(
      'Ana: It must run on PostgreSQL.',
      'Ben: Response time should be under 200 ms.',
      'Ana: We publish it under the MIT license.',
      'Ben: The budget is 500 euros.',
    );
    expect(canvas.constraints.map((item) => item.evidence)).toEqual([[0], [1], [2], [3]]);
  });

  it('goals, and what it is and is not', () => {
    const canvas = extract(
      'Ana: The goal is to halve the bread that we throw away.',
      'Ben: The product is mainly a list for bakers. It is not a shop system.',
      'Ana: Loyalty points are out of scope.',
    );
    expect(canvas.goals).toMatchObject([{ text: 'Halve the bread that we throw away', evidence: [0] }]);
    expect(canvas.isIsNotDoesDoesNot.is).toMatchObject([{ text: 'A list for bakers', evidence: [1] }]);
    expect(canvas.isIsNotDoesDoesNot.isNot.map((item) => item.evidence)).toEqual([[1], [2]]);
  });

  it('questions that were put aside stay open, answered ones do not', () => {
    const questions = extract(
      'Ana: Who decides when an order expires?',
      "Ben: Not sure, let's think about it.",
      'Ana: Which printer does the bakery have?',
      'Ben: An old label printer.',
    ).openQuestions;
    expect(questions.filter((item) => item.evidence.length > 0)).toEqual([
      { text: 'Who decides when an order expires?', evidence: [0, 1] },
    ]);
  });
});
