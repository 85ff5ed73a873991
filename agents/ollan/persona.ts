import type { Persona } from '../personas.ts';
import { LOOK } from '../thinking/allowlist.ts';

export const ollan: Persona = {
  name: 'ollan',
  role: 'brings the code onto the branch',
  accepts: ['plan', 'behaviour-lock'],
  returns: ['build-result'],
  tools: { ...LOOK, edit_file: 'yes', write_file: 'yes', delete_file: 'yes', run_check: 'yes' },
};
