import { rm } from 'node:fs/promises';
import { FactoryError } from '#src/errors.ts';
import type { ImportedWork, ImportPolicy, RepositoryRef } from '#src/ports/workspace.ts';
import { newBundleFile } from '../tools/bundle-file.ts';
import type { StepTools } from '../tools/step-tools.ts';

const REF = 'refs/heads/work';

/**
 * Takes up what a person pushed as the build. Their commits pass the same scan as any that come out of a sandbox:
 * throws FactoryError `import-refused` when it objects, also to commits that do not stand on the task's base.
 */
export async function takeUp(
  tools: Pick<StepTools, 'workspace' | 'settings'>,
  repo: RepositoryRef,
  { headSha, baseSha, policy }: { headSha: string; baseSha: string; policy: ImportPolicy },
): Promise<ImportedWork> {
  await tools.workspace.refresh(repo);
  if (headSha === baseSha) {
    throw new FactoryError('nothing-to-change', 'The branch was handed back without a commit on it.', {
      fix: 'Take it over again and commit something, or stop the task.',
    });
  }
  const hostFile = newBundleFile(tools.settings.tempDir);
  try {
    await tools.workspace.bundleOut(repo, { [REF]: headSha }, hostFile);
    return await tools.workspace.importBundle(repo, { hostFile, ref: REF, baseSha, policy });
  } finally {
    await rm(hostFile, { force: true });
  }
}
