import { describe, expect, it } from 'vitest';
import { FactoryError } from '#src/errors.ts';
import { parseFactoryYaml, RULES_FILES } from '#src/qa/factory-yaml.ts';
import type { RulesFile } from '#src/qa/factory-yaml.ts';
import { builtInProtectedPaths, matchesProtected } from '#src/qa/protected-paths.ts';

function problems(text: string, ...file: [RulesFile?]): string {
  try {
    parseFactoryYaml(text, ...file);
  } catch (error) {
    if (error instanceof FactoryError && error.code === 'factory-yaml-invalid') return error.message;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('factory.yaml', () => {
  it('reads everything that it may say', () => {
    const rules = parseFactoryYaml(`
checks:
  - npm test
  - name: unit
    run: make unit
    report: out/junit.xml
    timeoutSeconds: 90
prepare: npm ci
approvers: [ada]
protected: [docs/**]
domains: [registry.npmjs.org, "*.example.org", "127.0.0.1:4873"]
goal: Turn talk into reviewed changes.
rules:
  - No build step.
terms:
  lane: a queue of one project
  pass: one job that advances a task
done: [The checks are green.]
rung: 3
run_notes: true
retrospectives: true
model: off
`);
    expect(rules).toEqual({
      checks: [
        { name: 'npm test', run: 'npm test', report: null, timeoutSeconds: 600 },
        { name: 'unit', run: 'make unit', report: 'out/junit.xml', timeoutSeconds: 90 },
      ],
      prepare: { run: 'npm ci', timeoutSeconds: 600 },
      approvers: ['ada'],
      protected: ['docs/**'],
      domains: ['registry.npmjs.org', '*.example.org', '127.0.0.1:4873'],
      context: {
        goal: 'Turn talk into reviewed changes.',
        rules: ['No build step.'],
        terms: [
          { term: 'lane', meaning: 'a queue of one project' },
          { term: 'pass', meaning: 'one job that advances a task' },
        ],
        done: ['The checks are green.'],
      },
      rung: 3,
      runNotes: true,
      retrospectives: true,
      model: 'off',
      storyFrom: null,
    });
  });

  it('keeps apart what was not said and what was said to be none', () => {
    expect(parseFactoryYaml('# nothing yet\n')).toEqual({
      checks: null,
      prepare: null,
      approvers: null,
      protected: [],
      domains: [],
      context: { goal: null, rules: [], terms: [], done: [] },
      rung: null,
      runNotes: false,
      retrospectives: false,
      model: null,
      storyFrom: null,
    });
    expect(parseFactoryYaml('model: false').model).toBe('off');
    expect(parseFactoryYaml('checks: []\nprepare: false\napprovers: []')).toMatchObject({
      checks: [],
      prepare: false,
      approvers: [],
    });
    expect(parseFactoryYaml('prepare: {run: make deps, timeoutSeconds: 5}').prepare).toEqual({
      run: 'make deps',
      timeoutSeconds: 5,
    });
  });

  it.each([
    ['check: [npm test]', 'line 1:1 unknown key "check"; did you mean "checks"?'],
    [
      'checks:\n  - {name: a, run: b, comand: c}',
      'line 2:23 unknown key "comand"; known keys are name, run, report, timeoutSeconds',
    ],
    ['checks:\n  - name: a', 'line 2:5 checks[0].run is missing'],
    ['domains:\n  - ok.org\n  - http://x', 'line 3:5 domains[1] must be a host'],
    ['prepare: true', 'line 1:10 prepare must be a command as text, an object with run, or false'],
    ['prepare:\n  run: x\n  timeoutSeconds: 0', 'line 3:19 prepare.timeoutSeconds must be at least 1 second'],
    ['checks:\n  - {name: a, run: b, report: ../x}', 'line 2:31 checks[0].report must be a path inside the repository'],
    ['checks: [a, a]', 'line 1:13 there are two checks named "a"'],
    ['approvers: ada', 'line 1:12 approvers must be a list'],
    ['checks: [', 'line 1:10 '],
    ['goal: [a]', 'line 1:7 goal must be text'],
    ['rules: no build step', 'line 1:8 rules must be a list'],
    ['done:\n  - ""', 'line 2:5 done[0] must not be empty'],
    ['terms: [lane]', 'line 1:8 terms must be terms with their meanings'],
    ['terms:\n  lane: a queue\n  pass: {}', 'line 3:9 terms.pass must be text'],
    ['rung: 6', 'line 1:7 rung must be a number from 1 to 5'],
    ['retrospectives: weekly', 'line 1:17 retrospectives must be true or false'],
    ['incidents: off', 'line 1:12 incidents must be an object with story_from'],
    ['incidents: {story_from: often}', 'line 1:25 incidents.story_from must be warning, error, critical or none'],
    ['incidents: {story: error}', 'line 1:13 unknown key "story"; known keys are story_from'],
    ['run_notes: often', 'line 1:12 run_notes must be true or false'],
    ['rung: "3"', 'line 1:7 rung must be a number from 1 to 5'],
    ['rung: yes', 'line 1:7 rung must be a number from 1 to 5'],
    ['rung: 1.5', 'line 1:7 rung must be a number from 1 to 5'],
    ['model: on', 'line 1:8 model must be off, or left out'],
    ['modle: off', 'line 1:1 unknown key "modle"; did you mean "model"?'],
    ['checks: []\nchecks: []', 'line 2:1 Map keys must be unique'],
    ['- a\n- b', 'line 1:1 the file must hold keys'],
    ['checks: !!js/function x', 'line 1:9 Unresolved tag'],
  ])('names line and column: %j', (text, expected) => {
    expect(problems(text)).toContain(expected);
  });

  it('names every problem', () => {
    expect(problems('approvers: 1\ndomains: 2').split('\n')).toHaveLength(3);
  });

  it('does not unfold a bomb of aliases', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((key, index) => `${key}: &${key} [${`*${'abcdefg'[index]},`.repeat(9).slice(0, -1)}]`),
    ];
    expect(problems(bomb.join('\n'))).toMatch(/line 1:1 .*alias/i);
    expect(problems('x'.repeat(70_000))).toContain('longer than');
  });
});

describe('project-context.json', () => {
  const FILE = 'factory/context/project-context.json';

  it('says the same with the same keys', () => {
    const text = '{\n\t"goal": "Turn talk into reviewed changes.",\n\t"checks": ["npm test"],\n\t"rung": 3\n}\n';
    expect(parseFactoryYaml(text, FILE)).toEqual(
      parseFactoryYaml('goal: Turn talk into reviewed changes.\nchecks: [npm test]\nrung: 3\n'),
    );
  });

  it.each([
    ['{\n  "rung": 6\n}', 'line 2:11 rung must be a number from 1 to 5'],
    ['{\n  "chekcs": []\n}', 'line 2:3 unknown key "chekcs"; did you mean "checks"?'],
    ['{\n  goal: x\n}', 'line 2:3 Unresolved plain scalar "goal"'],
    ['{\n  "goal": "x"', 'line 2:14 '],
    ['[]', 'line 1:1 the file must hold keys'],
  ])('names file, line and column: %j', (text, expected) => {
    expect(problems(text, FILE)).toContain(`${FILE} cannot be used:\n`);
    expect(problems(text, FILE)).toContain(expected);
  });

  it('cannot be changed by a task, nor can factory.yaml (C23)', () => {
    for (const file of RULES_FILES) expect(matchesProtected(file, builtInProtectedPaths)).toBe(true);
  });
});
