import { readCargoToml } from './cargo-toml.ts';
import type { Manifest } from './dependency.ts';
import { readGemfile } from './gemfile.ts';
import { readGoMod } from './go-mod.ts';
import { readPackageJson } from './package-json.ts';
import { readPyproject } from './pyproject.ts';
import { readRequirementsTxt } from './requirements-txt.ts';

const READERS: readonly { pattern: RegExp; read: (text: string) => Manifest }[] = [
  { pattern: /(^|\/)package\.json$/, read: readPackageJson },
  {
    pattern: /(^|\/)(?:[\w.-]*(?:requirements|constraints)[\w.-]*\.(?:txt|in)|requirements\/[\w.-]+\.(?:txt|in))$/i,
    read: readRequirementsTxt,
  },
  { pattern: /(^|\/)(?:pyproject\.toml|Pipfile)$/, read: readPyproject },
  { pattern: /(^|\/)go\.mod$/, read: readGoMod },
  { pattern: /(^|\/)Cargo\.toml$/, read: readCargoToml },
  { pattern: /(^|\/)(?:Gemfile|[\w.-]+\.gemfile)$/, read: readGemfile },
];

/** Files that name dependencies in a form that is not read here. */
const OTHERS =
  /(^|\/)(?:pom\.xml|build\.gradle(?:\.kts)?|libs\.versions\.toml|composer\.json|[\w.-]+\.(?:cs|fs|vb)proj|packages\.config|Package\.swift|Podfile|mix\.exs|pubspec\.yaml|setup\.(?:py|cfg)|environment\.ya?ml|deno\.jsonc?|import_map\.json|go\.work|[\w.-]+\.gemspec|conanfile\.(?:txt|py)|vcpkg\.json)$/;

/** How the dependencies of this file are read. null: it names none. 'unknown': it does, and cannot be read here. */
export function manifestReader(path: string): ((text: string) => Manifest) | 'unknown' | null {
  return READERS.find(({ pattern }) => pattern.test(path))?.read ?? (OTHERS.test(path) ? 'unknown' : null);
}
