import type { Persona } from '../personas.ts';

export const vera: Persona = {
  name: 'vera',
  role: 'locks behaviour first and judges by what ran',
  accepts: ['plan', 'build-result'],
  returns: ['behaviour-lock', 'qa-result'],
};
