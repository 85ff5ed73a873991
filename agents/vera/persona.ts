import type { Persona } from '../personas.ts';
import { LOOK } from '../thinking/allowlist.ts';

export const vera: Persona = {
  name: 'vera',
  role: 'locks behaviour first and judges by what ran',
  accepts: ['plan', 'build-result'],
  returns: ['behaviour-lock', 'qa-result'],
  tools: { ...LOOK, edit_file: 'test-files', write_file: 'test-files', run_check: 'yes' },
};
