import type { Persona } from '../personas.ts';
import { LOOK } from '../thinking/allowlist.ts';

export const mason: Persona = {
  name: 'mason',
  role: 'plans the steps and names the files',
  accepts: ['scope'],
  returns: ['plan'],
  tools: LOOK,
};
