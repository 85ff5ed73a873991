import { createCriterion, type CriterionDraft } from './criterion-draft.ts';

const inline = /^given\s+(.+?),?\s+when\s+(.+?),?\s+then\s+(.+)$/i;

/** "Given a post, when its title is empty, then its slug is untitled" in one sentence. null: it is none. */
export function readInlineGherkin(sentence: string, position: number): CriterionDraft | null {
  const [, given, when, then] = inline.exec(sentence) ?? [];
  if (given === undefined || when === undefined || then === undefined) return null;
  return createCriterion(sentence, { given: [given], when: [when], then: [then] }, position);
}

/** Given, When and Then at line starts, in prose or in a fenced block; each Then closes a criterion when a new Given or When comes. */
export function readGherkinLines(text: string, position: number): CriterionDraft[] {
  const found: CriterionDraft[] = [];
  let steps = { name: '', given: [] as string[], when: [] as string[], then: [] as string[] };
  let current: 'given' | 'when' | 'then' | null = null;
  const close = () => {
    if (steps.then.length > 0 && steps.given.length + steps.when.length > 0) {
      const name = steps.name === '' ? [...steps.when, ...steps.then].join(', ') : steps.name;
      found.push(createCriterion(name, steps, position));
    }
    steps = { name: '', given: [], when: [], then: [] };
    current = null;
  };
  for (const raw of text.split('\n')) {
    const scenario = /^\s*(?:Scenario|Example):\s*(.+)$/.exec(raw);
    if (scenario !== null) {
      close();
      steps.name = scenario[1]?.trim() ?? '';
      continue;
    }
    const step = /^\s*(?:[-*]\s+)?\**(Given|When|Then|And|But)\**\s+(.+)$/.exec(raw);
    if (step === null) continue;
    const keyword = step[1]?.toLowerCase();
    if (keyword === 'given' || keyword === 'when') {
      if (steps.then.length > 0) close();
      current = keyword;
    } else if (keyword === 'then') current = 'then';
    const words = step[2]?.trim() ?? '';
    if (current !== null && words !== '') steps[current].push(words);
  }
  close();
  return found;
}
