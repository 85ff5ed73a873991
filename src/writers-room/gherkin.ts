import { AstBuilder, compile, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import { IdGenerator, PickleStepType } from '@cucumber/messages';
import { FactoryError } from '#src/errors.ts';
import type { Criterion } from './story.ts';

/** What a feature document is made from. */
export interface FeatureParts {
  title: string;
  /** Stands under the title as description; may be empty. */
  narrative: string;
  criteria: readonly Pick<Criterion, 'id' | 'text' | 'given' | 'when' | 'then'>[];
}

/**
 * Writes the criteria as one Gherkin document, a scenario each, and checks it by compiling it.
 * Errors: `gherkin-invalid` when a criterion has no step, or its steps are not in the order Given, When, Then.
 */
export function compileFeature(parts: FeatureParts): string {
  const lines = [`Feature: ${oneLine(parts.title)}`];
  const description = parts.narrative
    .split('\n')
    .map(oneLine)
    .filter((line) => line !== '');
  for (const line of description) lines.push(`  ${plainDescription(line)}`);
  for (const criterion of parts.criteria) {
    lines.push('', `  Scenario: ${criterion.id} ${oneLine(criterion.text)}`);
    addSteps(lines, 'Given', criterion.given);
    addSteps(lines, 'When', criterion.when);
    addSteps(lines, 'Then', criterion.then);
  }
  const document = `${lines.join('\n')}\n`;
  checkFeature(document);
  return document;
}

function addSteps(lines: string[], keyword: string, steps: readonly string[]): void {
  for (const [index, step] of steps
    .map(oneLine)
    .filter((text) => text !== '')
    .entries()) {
    lines.push(`    ${index === 0 ? keyword : 'And'} ${step}`);
  }
}

/** Gherkin is a language of lines: control characters and line breaks become spaces. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, ' ').trim();
}

/** A description line that Gherkin would take for a tag, comment, keyword or doc string gets a dash before it. */
function plainDescription(line: string): string {
  return /^(?:[@#*|]|"""|```|[\p{L} ]{1,30}:)/u.test(line) ? `– ${line}` : line;
}

const order: readonly (PickleStepType | undefined)[] = [
  PickleStepType.CONTEXT,
  PickleStepType.ACTION,
  PickleStepType.OUTCOME,
];

/**
 * Parses and compiles a Gherkin document. The parser alone is not enough: a misspelt keyword right after `Feature:` passes
 * as description, and the order of steps is free; so every scenario must compile to steps that end in an outcome.
 * Returns the scenario names.
 */
export function checkFeature(document: string): string[] {
  const newId = IdGenerator.incrementing();
  let pickles: ReturnType<typeof compile>;
  try {
    const parser = new Parser(new AstBuilder(newId), new GherkinClassicTokenMatcher());
    pickles = compile(parser.parse(document), 'story.feature', newId);
  } catch (error) {
    throw invalid(
      `The acceptance criteria are not valid Gherkin: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
  if (pickles.length === 0) throw invalid('The acceptance criteria hold no scenario.');
  for (const pickle of pickles) {
    const kinds = pickle.steps.map((step) => order.indexOf(step.type));
    if (kinds.length === 0) throw invalid(`The scenario "${pickle.name}" has no steps.`);
    if (kinds.includes(-1))
      throw invalid(`The scenario "${pickle.name}" has a step that is neither Given, When nor Then.`);
    if (kinds.some((kind, index) => kind < (kinds[index - 1] ?? 0))) {
      throw invalid(`The steps of "${pickle.name}" are not in the order Given, When, Then.`);
    }
    if (kinds.at(-1) !== 2) throw invalid(`The scenario "${pickle.name}" does not say what should come out (no Then).`);
  }
  return pickles.map((pickle) => pickle.name);
}

function invalid(message: string, cause?: unknown): FactoryError {
  return new FactoryError('gherkin-invalid', message, {
    fix: 'Write each criterion as Given (what is there), When (what happens), Then (what should come out), in this order.',
    ...(cause === undefined ? {} : { cause }),
  });
}
