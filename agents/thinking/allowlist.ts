import { FactoryError } from '#src/errors.ts';
import { isTestFile } from '#src/writers-room/test-files.ts';
import type { Persona } from '../personas.ts';
import { pathOf } from './tool.ts';
import type { ModelTool } from './tool.ts';

/** Tools that only look. */
export const LOOK: Persona['tools'] = { list_files: 'yes', search: 'yes', read_file: 'yes' };

/** The tools of these that the persona may use, each bound to what it may use it for. */
export function toolsFor({ tools: grants }: Pick<Persona, 'tools'>, tools: readonly ModelTool[]): ModelTool[] {
  return tools.flatMap((tool) => {
    const grant = Object.hasOwn(grants, tool.name) ? grants[tool.name] : undefined;
    if (grant === undefined) return [];
    return [grant === 'yes' ? tool : forTestFiles(tool)];
  });
}

function forTestFiles(tool: ModelTool): ModelTool {
  return {
    ...tool,
    description: `${tool.description} Only for test files.`,
    run: async (args, signal) => {
      const path = pathOf(args);
      if (isTestFile(path, '')) return tool.run(args, signal);
      throw new FactoryError('tool-refused', `You may not change ${JSON.stringify(path)}: it is not a test file.`, {
        fix: 'Change only files whose path says that they are tests.',
      });
    },
  };
}
