import type { Persona } from '../personas.ts';

export const ollan: Persona = {
  name: 'ollan',
  role: 'brings the code onto the branch',
  accepts: ['plan', 'behaviour-lock'],
  returns: ['build-result'],
};
