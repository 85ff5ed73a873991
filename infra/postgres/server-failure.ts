import { FactoryError } from '#src/errors.ts';

/**
 * What a PostgreSQL program or the file system said, as an error for people. `text` is the program's output or the
 * error's message; `dataDir` is named in the sentence.
 */
export function explainServerFailure(text: string, dataDir: string, cause?: unknown): FactoryError {
  if (/no space left on device|ENOSPC|disk quota exceeded|EDQUOT/i.test(text)) {
    return new FactoryError('disk-full', `The database in ${dataDir} could not be written: the disk is full.`, {
      fix: 'Free some space on that disk (200 MB is enough to start), or set WORKBENCH_DATA to a folder on another one.',
      retryable: true,
      cause,
    });
  }
  if (/read-only file system|EROFS/i.test(text)) {
    return new FactoryError('database-folder-unusable', `The database folder ${dataDir} is on a read-only disk.`, {
      fix: 'Set WORKBENCH_DATA to a folder that can be written.',
      cause,
    });
  }
  if (/permission denied|EACCES|EPERM|operation not permitted|wrong ownership|invalid permissions/i.test(text)) {
    return new FactoryError(
      'database-folder-unusable',
      `The database folder ${dataDir} belongs to another user or is closed to this one.`,
      { fix: 'Start the workbench as the user who made that folder, or set WORKBENCH_DATA to another folder.', cause },
    );
  }
  if (/not compatible with this version/i.test(text)) {
    return otherVersion(dataDir, 'another version of PostgreSQL', cause);
  }
  if (
    /incompatible with server|contains (?:invalid data|incorrect checksum)|invalid page in block|could not (locate a valid|read) .*(checkpoint|control)|invalid checkpoint|control file|is not a valid data directory/i.test(
      text,
    )
  ) {
    return new FactoryError(
      'database-damaged',
      `The database in ${dataDir} is damaged and does not start: ${lastLine(text)}`,
      {
        fix: 'Put a backup of that folder in its place, or move it away to begin with an empty store.',
        cause,
      },
    );
  }
  return new FactoryError('database-not-starting', `The database in ${dataDir} does not start: ${lastLine(text)}`, {
    fix: `Read ${dataDir}/postgres.log for the reason, or set DATABASE_URL to another PostgreSQL.`,
    cause,
  });
}

/** The data folder was written by another major version, which this one cannot read. */
export function otherVersion(dataDir: string, writtenBy: string, cause?: unknown): FactoryError {
  return new FactoryError(
    'database-version',
    `The database in ${dataDir} was written by ${writtenBy}, which this workbench cannot read.`,
    {
      fix: 'Use the workbench version that wrote it, or set WORKBENCH_DATA to an empty folder and import again.',
      cause,
    },
  );
}

/** Another process got there first, or one that was killed is not quite gone: worth another try in a moment. */
export function isPassingFailure(text: string): boolean {
  return /lock file ".*" already exists|pre-existing shared memory block|could not create lock file ".*\.s\.PGSQL|is another postmaster/i.test(
    text,
  );
}

/**
 * PostgreSQL says the reason in its first FATAL line (turning a client away while it starts is none); a program that
 * cannot even start says it in its last.
 */
function lastLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const fatal = lines.find((line) => /(FATAL|PANIC|initdb: error):(?!\s*the database system is)/.test(line));
  return (fatal ?? lines.at(-1) ?? 'it gave no reason').replace(/^.*(FATAL|PANIC|error):\s*/, '');
}
