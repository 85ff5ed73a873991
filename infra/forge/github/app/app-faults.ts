import { FactoryError } from '#src/errors.ts';
import { type CallFault, faultError, isNotFound } from '../call-fault.ts';
import { permissionsFor, type Purpose } from '../credentials.ts';

const UNAUTHORISED = 401;

/** What GitHub has against an App itself: its key, its clock, its number. */
export function appFault(fault: CallFault, appId: string, now: Date, what: string): FactoryError {
  const { status, message } = fault;
  if (status === UNAUTHORISED && /'(?:Expiration time|Issued at)' claim/.test(message)) {
    return new FactoryError(
      'github-clock-skew',
      `GitHub does not take the time at which the App signed: the clock of this machine says ${now.toISOString().slice(0, 16)} UTC.`,
      { fix: 'Set the clock of this machine (timedatectl set-ntp true), then try again.' },
    );
  }
  if (isNotFound(fault) || (status === UNAUTHORISED && /'Issuer' claim|not found/i.test(message))) {
    return new FactoryError('github-app-unknown', `GitHub knows no App ${appId}.`, {
      fix: 'Set GITHUB_APP_ID to the App ID (or the client ID) from the page of the App.',
    });
  }
  if (status === UNAUTHORISED) {
    return new FactoryError('github-app-key-refused', `GitHub does not take the private key for the App ${appId}.`, {
      fix: 'It is of another App, or was deleted there. Make a new one on the page of the App, under Private keys.',
    });
  }
  return faultError(fault, what);
}

/** `installUrl`: where a person adds the repository. */
export function notInstalled(shown: string, installUrl: string | null): FactoryError {
  return new FactoryError('github-app-not-installed', `The App is not installed on ${shown}.`, {
    fix:
      installUrl === null
        ? 'Install it there, from the page of the App, and check the name of the repository.'
        : `Install it there: ${installUrl}. Check the name of the repository too.`,
  });
}

export function suspended(shown: string, settingsUrl: string): FactoryError {
  return new FactoryError('github-app-suspended', `The installation of the App on ${shown} is suspended.`, {
    fix: `Whoever may configure it lifts that at ${settingsUrl}.`,
  });
}

/** What the purpose takes and `given`, the rights of the installation, does not hold; by name. */
export function missingPermissions(given: Readonly<Record<string, unknown>>, purpose: Purpose): string[] {
  return Object.entries(permissionsFor[purpose]).flatMap(([name, level]) => {
    const has = given[name];
    return has === 'write' || has === 'admin' || has === level ? [] : [`${name.replaceAll('_', ' ')} (${level})`];
  });
}

export function lacksPermissions(shown: string, missing: readonly string[], settingsUrl: string): FactoryError {
  return new FactoryError(
    'github-app-lacks-permissions',
    `The App lacks permissions on ${shown}: ${missing.join(', ')}.`,
    {
      fix: `Add them on the page of the App (Permissions & events), then accept them at ${settingsUrl}.`,
    },
  );
}
