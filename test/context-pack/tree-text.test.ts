import { expect, it } from 'vitest';
import { treeText } from '#src/context-pack/tree-text.ts';

const paths = ['README.md', 'src/a.ts', ...Array.from({ length: 200 }, (_, index) => `src/deep/er/file-${index}.ts`)];

it('shows a small tree whole and folds a large one from the deepest up', () => {
  expect(treeText(['b.ts', 'src/a.ts', 'src/c.ts'], 200)).toBe('./ b.ts\nsrc/ a.ts c.ts');
  const folded = treeText(paths, 200);
  expect(folded).toContain('src/deep/er/ 200 files');
  expect(folded).toContain('src/ a.ts');
});

it('is empty rather than over its room', () => {
  expect(treeText(paths, 10)).toBe('');
  expect(treeText([], 1000)).toBe('');
});
