import type { ReflectionPage } from '#src/desk/desk.ts';

/** The pages of a project about what came of its work, in the order of their links. `empty`: what is said where there is nothing yet. */
export const reflectionPages: readonly { page: ReflectionPage; name: string; empty: string }[] = [
  {
    page: 'lessons',
    name: 'Lessons',
    empty: 'There are no lessons yet. Write `remember: …` in the project, and later tasks are told it.',
  },
  {
    page: 'retrospectives',
    name: 'Retrospectives',
    empty: 'No week was looked back on yet. Write `retro` in the project to look at the last seven days.',
  },
  { page: 'incidents', name: 'Incidents', empty: 'Nobody has told of trouble.' },
];

export function isReflectionPage(name: string): name is ReflectionPage {
  return reflectionPages.some(({ page }) => page === name);
}
