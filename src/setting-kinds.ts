import * as z from 'zod';
import { FactoryError } from './errors.ts';

/** An address with one of these schemes, or nothing. */
export const url = (schemes: string[]) =>
  z.string().refine((value) => value === '' || schemes.some((scheme) => value.startsWith(`${scheme}://`)), {
    message: `must start with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  });

/** This machine, as a host name of a URL. */
export const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** An address that secrets are sent to, or that others fetch from. Ends with a slash afterwards. */
export const folderUrl = z
  .string()
  .refine((value) => value === '' || URL.canParse(value), { message: 'must be a whole address, with https://' })
  .refine(
    (value) => {
      if (!URL.canParse(value)) return true;
      const { protocol, hostname } = new URL(value);
      return protocol === 'https:' || (protocol === 'http:' && loopback.test(hostname));
    },
    { message: 'must start with https://; http:// is for this machine only' },
  )
  .transform((value) => (value === '' || value.endsWith('/') ? value : `${value}/`));

export const portNumber = z
  .string()
  .regex(/^\d+$/, 'must be a number')
  .transform(Number)
  .pipe(z.int().min(0).max(65_535));

/** `faults`: each begins with the name of its setting. */
export function badSettings(faults: readonly string[]): FactoryError {
  return new FactoryError('bad-setting', `These settings will not do: ${faults.join('; ')}.`, {
    fix: 'Correct them in the environment or in .env; see .env.example.',
  });
}
