import { describe, expect, it } from 'vitest';
import { GITHUB_TIMEOUT_MS, inGitHub } from './in-github.ts';

const codeAt = (path: string) =>
  `Write a function \`slugify(title)\` in ${path}. It should turn spaces into dashes.\n\n\`\`\`js\n// ${path}\nexport const slugify = (title) => title.replaceAll(' ', '-');\n\`\`\`\n`;

interface Case {
  rules?: string;
  path?: string;
  labeller?: 'ana' | 'ben' | 'eve';
}

async function labelled({ rules = 'rung: 4\n', path = 'src/slugify.js', labeller = 'ben' }: Case) {
  const { hub, front, quiet, logged } = await inGitHub();
  front.files['factory.yaml'] = rules;
  const { number } = hub.people.ana.openIssue({ title: 'Readable addresses', body: codeAt(path), labels: [] });
  hub.people.ben.comment(number, 'Perfect, exactly so.');
  await quiet();
  hub.people[labeller].label(number, 'factory');
  await quiet();
  const { tables } = front.tools.unitOfWork;
  const tasks = await tables.find('story_tasks', {});
  const stories = await tables.find('stories', {});
  return { hub, front, quiet, number, tasks, stories, logged };
}

describe('the label of an issue', { timeout: GITHUB_TIMEOUT_MS }, () => {
  it('commits what the rung of the project lets begin, in the name of who put it on', async () => {
    const { front, stories, tasks } = await labelled({});
    expect(stories).toMatchObject([{ status: 'committed', hasChangeSet: true }]);
    expect(tasks).toMatchObject([{ requester: 'github:ben' }]);
    const [committed] = await front.tools.unitOfWork.ledger.stream(`task:${tasks[0]?.id}`);
    expect(committed?.body).toMatchObject({ begunBy: 'label' });
  });

  it.each<[string, Case]>([
    ['below the rung for code', { rules: 'rung: 3\n' }],
    ['without a rung', { rules: 'goal: Greet.\n' }],
    ['of whoever may not write (C01)', { labeller: 'eve' }],
    ['where it touches what the project protects (C23)', { rules: 'rung: 5\nprotected: [src/]\n' }],
    ['where it touches sign-in', { rules: 'rung: 5\n', path: 'src/auth/login.js' }],
  ])('commits nothing %s', async (_what, asked) => {
    const { stories, tasks } = await labelled(asked);
    expect(stories).toMatchObject([{ status: 'proposed' }]);
    expect(tasks).toEqual([]);
  });

  it('commits nothing where the rules cannot be read, and the log says so (C03)', async () => {
    const { tasks, logged } = await labelled({ rules: 'rung: 9\n' });
    expect(tasks).toEqual([]);
    expect(logged.map(({ message }) => message)).toContain(
      'the rules of the project could not be read, so nothing begins',
    );
  });

  it('leaves to a person what the issue says later', async () => {
    const { hub, front, quiet, number, tasks } = await labelled({});
    hub.people.ana.comment(number, codeAt('src/shorten.js').replaceAll('slugify', 'shorten'));
    await quiet();
    expect(await front.tools.unitOfWork.tables.find('story_tasks', {})).toEqual(tasks);
  });
});
