import type { Persona } from '../personas.ts';

export const tess: Persona = {
  name: 'tess',
  role: 'hands out the work and brings approved changes home',
  accepts: ['qa-result'],
  returns: ['assignment'],
  tools: {},
};
