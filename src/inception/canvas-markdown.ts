import { type Canvas, type CanvasFeature, type CanvasItem, type VisionSlot, visionSlots } from './canvas.ts';

const slotNames: Record<VisionSlot, string> = {
  finalClient: 'For',
  problem: 'whose',
  productName: 'the',
  category: 'is a',
  keyBenefit: 'that',
  alternative: 'Different from',
  keyDifference: 'our product',
};

/** The canvas as Markdown for people. Empty parts are left out, and every line says which messages it comes from. */
export function renderCanvasMarkdown(canvas: Canvas): string {
  const sections: string[] = ['# Lean Inception canvas'];
  const vision = visionSlots
    .filter((slot) => canvas.vision[slot].value !== null)
    .map((slot) =>
      line(`**${slotNames[slot]}** ${escape(canvas.vision[slot].value ?? '')}`, canvas.vision[slot].evidence),
    );
  addSection(sections, 'Vision', vision);
  const { is, isNot, does, doesNot } = canvas.isIsNotDoesDoesNot;
  addSection(sections, 'Is', is.map(itemLine));
  addSection(sections, 'Is not', isNot.map(itemLine));
  addSection(sections, 'Does', does.map(itemLine));
  addSection(sections, 'Does not', doesNot.map(itemLine));
  addSection(sections, 'Goals', canvas.goals.map(itemLine));
  addSection(
    sections,
    'Personas',
    canvas.personas.map(({ name, needs, evidence }) =>
      line(`**${escape(name)}**${needs.length === 0 ? '' : `: ${needs.map(escape).join('; ')}`}`, evidence),
    ),
  );
  const sure = canvas.features.filter((feature) => !feature.maybe);
  addSection(sections, 'Features', sure.filter((feature) => feature.status === 'active').map(featureLine));
  addSection(sections, 'Later', sure.filter((feature) => feature.status === 'deferred').map(featureLine));
  addSection(sections, 'Taken out', sure.filter((feature) => feature.status === 'removed').map(featureLine));
  addSection(
    sections,
    'Maybe',
    canvas.features.filter((feature) => feature.maybe && feature.status === 'active').map(featureLine),
  );
  addSection(sections, 'Constraints', canvas.constraints.map(itemLine));
  addSection(sections, 'Open questions', canvas.openQuestions.map(itemLine));
  return `${sections.join('\n\n')}\n`;
}

function addSection(sections: string[], title: string, lines: readonly string[]): void {
  if (lines.length > 0) sections.push(`## ${title}\n\n${lines.join('\n')}`);
}

function itemLine({ text, evidence }: CanvasItem): string {
  return line(escape(text), evidence);
}

function featureLine(feature: CanvasFeature): string {
  const marks = [
    feature.priority === 'unstated' || feature.priority === 'wont' ? null : feature.priority,
    feature.inMvp === true ? 'MVP' : feature.inMvp === false && feature.status === 'active' ? 'not in the MVP' : null,
    feature.persona === null ? null : escape(feature.persona),
  ].filter((mark) => mark !== null);
  return line(`${escape(feature.text)}${marks.length === 0 ? '' : ` *(${marks.join(', ')})*`}`, feature.evidence);
}

function line(text: string, evidence: readonly number[]): string {
  if (evidence.length === 0) return `- ${text}`;
  return `- ${text} [message${evidence.length === 1 ? '' : 's'} ${evidence.join(', ')}]`;
}

/** What people wrote is text here, never markup: no headings, links, images or HTML of theirs. */
function escape(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([\\`*_[\]<>#|!~])/g, '\\$1')
    .trim();
}
