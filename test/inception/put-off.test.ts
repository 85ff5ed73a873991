import { describe, expect, it } from 'vitest';
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

describe('what is named only to put it off or leave it out', () => {
  it.each([
    [
      'You: A search box for the pages would be nice later, but not in the MVP.',
      'deferred could: Search box for the pages [0]',
    ],
    ['You: It would be nice to have dark mode later.', 'deferred could: Dark mode [0]'],
    ['You: It would be great to have a PDF export, but not in the first version.', 'deferred unstated: PDF export [0]'],
    ['You: Later we could add push notifications.', 'deferred unstated: Push notifications [0]'],
    ['You: Payments are not part of the MVP.', 'deferred unstated: Payments [0]'],
    ['You: Push notifications can wait.', 'deferred unstated: Push notifications [0]'],
    ["You: No, let's leave redirects out.", 'removed wont: Redirects [0]'],
  ])('%s', (line, expected) => {
    expect(features(line, 'Bot: Fine.')).toEqual([expected]);
  });

  it.each([
    'You: We can discuss this later.',
    'You: See you later.',
    "You: Let's do the deployment later.",
    'You: A transcript of this meeting would be nice later.',
    'You: It would be nice to meet later.',
    'You: That would be great later.',
    'You: Not now, maybe next week.',
  ])('%s names nothing', (line) => {
    expect(extract(line, 'Bot: Fine.').features).toEqual([]);
  });

  it('does not grade what was spoken of before', () => {
    expect(
      features(
        'You: The cart must round prices to two decimals. No coupon codes please, that is out of scope for now.',
        'Bot: Fine.',
      )[0],
    ).toMatch(/^active must: /);
  });

  it('says of a deferred feature who put it off, and that it is not in the first version', () => {
    const [feature] = extract('You: We sell bread.', 'Bot: Fine.', 'You: A map of shops would be nice later.').features;
    expect(feature).toMatchObject({ status: 'deferred', withdrawnBy: 2, inMvp: false, maybe: false });
  });
});

describe('what it does not do', () => {
  const doesNot = (line: string) => extract(line).isIsNotDoesDoesNot.doesNot.map((item) => item.text);

  it('is no history', () => {
    expect(doesNot('You: We never published the old addresses.')).toEqual([]);
    expect(doesNot('You: They have never asked for the old prices.')).toEqual([]);
    expect(doesNot('You: It never went to the printer shop.')).toEqual([]);
  });

  it('is what must or does never happen', () => {
    expect(doesNot('You: The list must never be published without prices.')).toEqual(['Published without prices']);
    expect(doesNot('You: The shop never sells yesterday bread to schools.')).toEqual([
      'Sells yesterday bread to schools',
    ]);
    expect(doesNot('You: A copied list should never exceed the shelf of a shop.')).toHaveLength(1);
  });
});

it('asking for another form of the same code is no feature', () => {
  const code = 'Bot: Here:\n```js src/a.js\n1\n```';
  expect(
    features('You: Write a function parse(text) for our logs.', code, 'You: Please give me the complete file.', code),
  ).toHaveLength(1);
});
