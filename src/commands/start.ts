import type { Command } from './command.ts';
export const startCommand: Command = { name: 'start', usage: 'start', summary: 'x', run: async () => ({ document: {}, lines: [], exitCode: 0 }) };
