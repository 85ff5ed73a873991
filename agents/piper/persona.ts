import type { Persona } from '../personas.ts';

export const piper: Persona = {
  name: 'piper',
  role: 'clarifies what is wanted and what counts as done',
  accepts: ['assignment'],
  returns: ['scope'],
  tools: {},
};
