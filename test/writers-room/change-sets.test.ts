import { describe, expect, it } from 'vitest';
import { findChangeSets } from '#src/writers-room/change-sets.ts';
import { diff, file, talk } from './fixtures/talk.ts';

const slug1 = 'export const slugify = (title) => title.toLowerCase();';
const slug2 = 'export const slugify = (title) => (title ? title.toLowerCase() : "untitled");';
const slug3 = 'export const slugify = async (title) => title.toLowerCase();';

function find(...lines: Parameters<typeof talk>) {
  const { conversation, blocks } = talk(...lines);
  return findChangeSets(conversation, blocks);
}

/** Each change set as `request: path=position …`. */
function shape(result: ReturnType<typeof findChangeSets>): string[] {
  return result.changeSets.map(
    (set) =>
      `${set.requestPosition} ${set.acceptance}: ${set.edits.map((edit) => `${edit.path}=${edit.position}`).join(' ')}`,
  );
}

describe('one request', () => {
  it('answered and never spoken of again is unconfirmed', () => {
    const result = find(
      ['You', 'Write a function slugify(title) for our blog.'],
      ['Bot', 'Here it is:', file('src/slug.js', slug1)],
    );
    expect(shape(result)).toEqual(['0 unconfirmed: src/slug.js=1']);
    expect(result.changeSets[0]?.acceptedBy).toBeNull();
    expect(result.leftOut).toEqual([]);
  });

  it('taken up with a yes is accepted by that message', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'Great, thanks!'],
    );
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=1']);
    expect(result.changeSets[0]?.acceptedBy).toBe(2);
  });

  it('has its first prompt as request even when that has no verb of asking', () => {
    expect(shape(find(['You', 'slugify in plain JavaScript'], ['Bot', 'Here:', file('src/slug.js', slug1)]))).toEqual([
      '0 unconfirmed: src/slug.js=1',
    ]);
  });

  it('keeps code of several answers in a row together, in the order in which it came', () => {
    const result = find(
      ['You', 'Write slugify and a test.'],
      ['Bot', 'The code:', file('src/slug.js', slug1)],
      ['Bot', 'And the test:', file('test/slug.test.js', 'import test from "node:test";')],
      ['You', 'Perfect'],
    );
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=1 test/slug.test.js=2']);
    expect(result.changeSets[0]?.edits.map((edit) => edit.isTest)).toEqual([false, true]);
  });

  it('stands at -1 when code of an assistant opens the conversation', () => {
    expect(shape(find(['Bot', 'Welcome back. Your file:', file('src/slug.js', slug1)]))).toEqual([
      '-1 unconfirmed: src/slug.js=0',
    ]);
  });

  it('is not answered twice by a question about the code', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'What does toLowerCase do?'],
      ['Bot', 'It lowers the case. By the way, this is nicer:', file('src/slug.js', slug3)],
    );
    expect(shape(result)).toEqual(['0 unconfirmed: src/slug.js=1']);
  });
});

describe('corrections', () => {
  it('replace the version that a person complained about, within one change set', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'It fails on empty titles.'],
      ['Bot', 'Fixed:', file('src/slug.js', slug2)],
      ['You', 'Works now.'],
    );
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=3']);
    expect(result.leftOut).toEqual([]);
  });

  it('count as asked for when nobody speaks afterwards', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'Can you also handle empty strings?'],
      ['Bot', 'Sure:', file('src/slug.js', slug2)],
    );
    expect(shape(result)).toEqual(['0 unconfirmed: src/slug.js=3']);
  });

  it('fall back to the accepted version when a person turns the later one down', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'Great. Could you make it async?'],
      ['Bot', 'Sure:', file('src/slug.js', slug3)],
      ['You', 'No, revert that.'],
    );
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=1']);
    expect(result.leftOut).toEqual([{ path: 'src/slug.js', position: 3, reason: 'Turned down in message 4.' }]);
  });

  const test1 = file('test/slug.test.js', 'import test from "node:test";');

  it('spare the files that they leave as they were', () => {
    const start: Parameters<typeof talk> = [
      ['You', 'Write a function slugify(title) with tests.'],
      ['Bot', 'Here:', file('src/slug.js', slug1), test1],
    ];
    const fixed: Parameters<typeof talk> = [
      ['You', 'It fails on empty titles.'],
      ['Bot', 'Fixed:', file('src/slug.js', slug2)],
      ['You', 'Great'],
    ];
    expect(shape(find(...start, ...fixed))).toEqual(['0 accepted: test/slug.test.js=1 src/slug.js=3']);
    const named: Parameters<typeof talk> = [
      ['You', 'The assertions in slug.test.js are wrong.'],
      ['Bot', 'Fixed:', file('src/slug.js', slug2)],
      ['You', 'Great'],
    ];
    expect(shape(find(...start, ...named))).toEqual(['0 accepted: src/slug.js=3']);
    expect(shape(find(...start, ['You', 'It fails on empty titles.']))).toEqual([]);
  });

  it('leave nothing when the only version was complained about and never mended', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'That is wrong.'],
    );
    expect(result.changeSets).toEqual([]);
    expect(result.leftOut).toHaveLength(1);
  });

  it('by moving a file to another folder take the old place away', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'Please put it in lib/slug.js'],
      ['Bot', 'Moved:', file('lib/slug.js', slug1)],
      ['You', 'Thanks'],
    );
    expect(shape(result).map((line) => line.replace(/^\d+ /, ''))).toEqual(['accepted: lib/slug.js=3']);
  });

  it('may turn down one file of several and keep the rest', () => {
    const result = find(
      ['You', 'Write a function slugify(title) with a cache.'],
      ['Bot', 'Here:', file('src/slug.js', slug1), file('src/cache.js', 'export const cache = new Map();')],
      ['You', 'Good, but leave cache.js out.'],
    );
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=1']);
    expect(result.leftOut.map((block) => block.path)).toEqual(['src/cache.js']);
  });
});

describe('what nobody asked for', () => {
  it('does not displace an accepted version', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'Perfect, thank you!'],
      ['Bot', 'Glad to help. An async version:', file('src/slug.js', slug3)],
    );
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=1']);
    expect(result.leftOut[0]?.position).toBe(3);
  });

  it('counts once a person takes it up', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'Thanks'],
      ['Bot', 'A safer version:', file('src/slug.js', slug2)],
      ['You', 'Great, I will take that.'],
    );
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=3']);
  });

  it('is a request of its own when a person says yes to an offer', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here it is. Want me to add a command line script too?', file('src/slug.js', slug1)],
      ['You', 'Yes please'],
      ['Bot', 'Here:', file('bin/slug.js', '#!/usr/bin/env node')],
    );
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=1', '2 unconfirmed: bin/slug.js=3']);
  });

  it('turned down as an offer leaves the code alone', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here it is. Should I also add a command line script?', file('src/slug.js', slug1)],
      ['You', 'No.'],
    );
    expect(shape(result)).toEqual(['0 unconfirmed: src/slug.js=1']);
  });
});

describe('several requests', () => {
  it('that touch one file are two change sets, and building on the first accepts it', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/text.js', slug1)],
      ['You', 'Now add a function truncate(text, length) to the same file.'],
      ['Bot', 'Here:', file('src/text.js', `${slug1}\nexport const truncate = (t, n) => t.slice(0, n);`)],
    );
    expect(shape(result)).toEqual(['0 accepted: src/text.js=1', '2 unconfirmed: src/text.js=3']);
    expect(new Set(result.changeSets.map((set) => set.key)).size).toBe(2);
  });

  it('have each their own answer, and a test asked for later joins its code', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'Please add tests for it.'],
      ['Bot', 'Here:', file('test/slug.test.js', 'import test from "node:test";')],
      ['You', 'Next, create a page that lists all posts.'],
      ['Bot', 'Here:', file('src/posts.js', 'export const posts = [];')],
    );
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=1 test/slug.test.js=3', '4 unconfirmed: src/posts.js=5']);
  });

  it('can be withdrawn by name long after', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'Now write a retry helper for fetch.'],
      ['Bot', 'Here:', file('src/retry.js', 'export const retry = () => {};')],
      ['You', 'Thanks. Which Node version do I need?'],
      ['Bot', 'Node 20.'],
      ['You', 'OK. Actually, drop the retry helper.'],
    );
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=1']);
    expect(result.leftOut).toEqual([{ path: 'src/retry.js', position: 3, reason: 'Turned down in message 6.' }]);
  });
});

describe('code of people', () => {
  it('counts as accepted by whoever pasted it', () => {
    const result = find(['Kim', 'This is the helper that we agreed on:', file('src/slug.js', slug1)]);
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=0']);
    expect(result.changeSets[0]?.acceptedBy).toBe(0);
  });

  it('replaces what an assistant proposed', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/slug.js', slug1)],
      ['You', 'No, not like this. I want it so:', file('src/slug.js', slug2)],
    );
    expect(shape(result)).toEqual(['0 accepted: src/slug.js=2']);
    expect(result.leftOut.map((block) => block.position)).toEqual([1]);
  });
});

describe('hostile and odd paths', () => {
  it('are left out with a reason and take nothing else with them', () => {
    const result = find(
      ['You', 'Write a function slugify(title).'],
      [
        'Bot',
        'Here:',
        file('../../etc/cron.d/x', 'x'),
        file('.git/hooks/pre-commit', 'x'),
        file('/etc/passwd', 'x'),
        file('src/slug.js', slug1),
      ],
    );
    expect(shape(result)).toEqual(['0 unconfirmed: src/slug.js=1']);
    expect(result.leftOut.map((block) => block.path)).toEqual([
      '../../etc/cron.d/x',
      '.git/hooks/pre-commit',
      '/etc/passwd',
    ]);
    for (const block of result.leftOut) expect(block.reason.length).toBeGreaterThan(10);
  });

  it('make no change set when there is nothing else', () => {
    expect(
      find(['You', 'Write a function slugify(title).'], ['Bot', 'Here:', file('../slug.js', slug1)]).changeSets,
    ).toEqual([]);
  });
});

describe('diffs', () => {
  const base = '@@ -1 +1 @@\n-export const limit = 10;\n+export const limit = 20;';

  it('apply on top of the whole file that came before them', () => {
    const result = find(
      ['You', 'Write a module with the limit.'],
      ['Bot', 'Here:', file('src/limit.js', 'export const limit = 10;')],
      ['You', 'Good. Make it 20.'],
      ['Bot', 'Here:', diff('src/limit.js', base)],
      ['You', 'Great'],
    );
    expect(result.changeSets[0]?.edits.map((edit) => [edit.kind, edit.position])).toEqual([
      ['file', 1],
      ['diff', 3],
    ]);
  });

  it('that change the same lines again stand in for the earlier ones', () => {
    const again = base.replace('20', '30');
    const result = find(
      ['You', 'Please raise the limit in src/limit.js.'],
      ['Bot', 'Here:', diff('src/limit.js', base)],
      ['You', 'Make it 30 please.'],
      ['Bot', 'Here:', diff('src/limit.js', again)],
    );
    expect(result.changeSets[0]?.edits.map((edit) => edit.position)).toEqual([3]);
  });

  it('that mend a version which people complained about bring it along', () => {
    const result = find(
      ['You', 'Write a module with the limit.'],
      ['Bot', 'Here:', file('src/limit.js', 'export const limit = 10;')],
      ['You', 'The number is wrong.'],
      ['Bot', 'Here:', diff('src/limit.js', base)],
      ['You', 'Great'],
    );
    expect(result.changeSets[0]?.edits.map((edit) => edit.position)).toEqual([1, 3]);
    expect(result.changeSets[0]?.acceptance).toBe('accepted');
  });
});

it('a conversation without code has no change sets', () => {
  expect(find(['You', 'Write a function slugify(title).'], ['Bot', 'Gladly.'])).toEqual({
    changeSets: [],
    leftOut: [],
    emptied: [],
  });
});
