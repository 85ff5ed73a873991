import { builtInProtectedPaths, matchesProtected } from '#src/qa/protected-paths.ts';
import type { ProjectRules } from '#src/qa/factory-yaml.ts';
import type { ChangeSet } from '#src/writers-room/change-set.ts';
import { decidePolicy, rungOf } from './policy.ts';
import { judgeRisk } from './risk.ts';

/**
 * Whether work on a story may begin though no person committed it: asked of what it would change, since nothing is
 * changed yet. Code that nobody has accepted, and a story without code, need a person on every rung. `rules` are those
 * of the base branch; null: it has none.
 */
export function mayBegin(
  rules: Pick<ProjectRules, 'rung' | 'protected'> | null,
  change: Pick<ChangeSet, 'acceptance' | 'edits'> | null,
): ReturnType<typeof decidePolicy> {
  const rung = rungOf(rules?.rung ?? null);
  const isAccepted = change?.acceptance === 'accepted';
  const paths = change === null || !isAccepted ? null : [...new Set(change.edits.map(({ path }) => path))];
  const keep = [...builtInProtectedPaths, ...(rules?.protected ?? [])];
  return decidePolicy({
    action: 'begin',
    rung,
    paths,
    risk: change === null ? null : riskOf(change),
    touchesProtected: (change?.edits ?? []).some(({ path }) => matchesProtected(path, keep)),
  });
}

/** By paths and size. What checks and diff say comes later, and is judged again for the review. */
function riskOf({ edits }: Pick<ChangeSet, 'edits'>) {
  const files = edits.map(({ path, content }) => ({
    path,
    status: 'modified' as const,
    added: content.split('\n').length,
    removed: 0,
    binary: false,
    modeBefore: '100644',
    modeAfter: '100644',
  }));
  const manifests = { added: [], removed: [], respecified: [], moved: [], settings: [], broken: [] };
  return judgeRisk({
    diff: { files },
    dependencies: { manifests, locks: [], scan: { outcome: 'not-scanned', reason: 'nothing was changed yet' } },
    notes: { pushed: 0, judges: 0, weakerTests: 0, licences: 0 },
    wasChecked: true,
  }).level;
}
