import { protectingPattern } from '#src/qa/protected-paths.ts';
import { isTestFile } from '#src/writers-room/test-files.ts';

/** What decides how tests are run; a test that needs another setting is a matter for the plan. */
const SETTING =
  /(?:^|\/)(?:\.[^/]+|package(?:-lock)?\.json|npm-shrinkwrap\.json|[^/]*\.lock|[^/]*\.(?:config|setup)\.[a-z]+|[^/]*\.(?:ya?ml|toml|cfg|ini|lock|sh|bash|ps1|mk|xml|gradle)|(?:ts|js)config[^/]*\.json|conftest\.py|setup\.py|requirements[^/]*\.txt|go\.(?:mod|sum)|GNUmakefile|[Mm]akefile|Dockerfile|Gemfile|Rakefile)$/;

/** Why Vera may not write at a path, as a sentence; null: she may. `tests` are the plan's. */
export function refuseTestPath(
  path: string,
  { tests, protectedAreas }: { tests: readonly string[]; protectedAreas: readonly string[] },
): string | null {
  const protector = protectingPattern(path, protectedAreas);
  if (protector !== null) return `It is protected (${protector}).`;
  if (SETTING.test(path)) return 'It is a setting, not a test.';
  if (isTestFile(path, '') || tests.includes(path)) return null;
  return 'Only test files may be written here; its path does not say that it is one.';
}
