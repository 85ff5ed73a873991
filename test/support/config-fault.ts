import { loadConfig } from '#src/config.ts';
import { FactoryError } from '#src/errors.ts';

/** What is said about settings that will not do; `none` where they do. */
export function faultOf(env: Record<string, string>): string {
  try {
    loadConfig(env, '/home/ada');
  } catch (error) {
    if (error instanceof FactoryError && error.code === 'bad-setting') return error.message;
    throw error;
  }
  return 'none';
}
