import type { HostFile, ImportPolicy } from '#src/ports/workspace.ts';
import type { ProjectRules } from '#src/qa/factory-yaml.ts';
import { protectedPathsOf } from './repository.ts';

/** More than a conversation can sensibly hold; a change over it was not read by anybody. */
const MAX_FILES = 500;
const MAX_BYTES = 20 * 1024 * 1024;

export function importPolicy(rules: ProjectRules | null, hostFiles: readonly HostFile[] = []): ImportPolicy {
  return { protectedPaths: protectedPathsOf(rules), hostFiles, maxFiles: MAX_FILES, maxBytes: MAX_BYTES };
}
