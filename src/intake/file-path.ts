export type FilePathVerdict = { ok: true; path: string } | { ok: false; reason: string };

/** ext4, NTFS and APFS all end a name at 255 (bytes on ext4, the strictest). */
const MAX_SEGMENT_BYTES = 255;
/** Leaves room for the folder that it goes into under Linux's PATH_MAX of 4,096 and macOS's 1,024. */
const MAX_PATH_BYTES = 1_000;

const controlCharacter = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const hiddenCharacter = /[\p{Cf}\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;
/** Characters that NTFS refuses in names; the colon would open an alternate stream. */
const refusedByWindows = /[<>:"|?*]/;

/**
 * True for every spelling that some file system takes for `.git`: any case, trailing dots and spaces (NTFS),
 * its 8.3 short name (`git~1`).
 */
function isGitFolder(segment: string): boolean {
  const bare = segment.toLowerCase().replace(/[. ]+$/, '');
  return bare === '.git' || /^git~\d+$/.test(bare);
}

function refuse(reason: string): FilePathVerdict {
  return { ok: false, reason };
}

function judgeSegment(segment: string): string | null {
  if (isGitFolder(segment)) return "It lies in git's own folder.";
  if (segment.endsWith(' ') || segment.endsWith('.')) return 'A name in it ends with a space or a dot.';
  if (Buffer.byteLength(segment, 'utf8') > MAX_SEGMENT_BYTES)
    return `A name in it is longer than ${MAX_SEGMENT_BYTES} bytes.`;
  return null;
}

/**
 * Whether the factory would write a file at this path of a repository. On yes, `path` is the plain form: forward
 * slashes, no `.` parts, relative to the repository's top folder. Does not look at the disk (symlinks are judged there).
 */
export function checkFilePath(path: string): FilePathVerdict {
  if (path.trim() === '') return refuse('The path is empty.');
  if (!path.isWellFormed()) return refuse('The path holds broken characters.');
  if (controlCharacter.test(path)) return refuse('The path holds a line break or a control character.');
  if (hiddenCharacter.test(path)) return refuse('The path holds a character that cannot be seen.');
  // A backslash separates folders on Windows, so it is judged as one everywhere.
  const slashed = path.replaceAll('\\', '/');
  if (/^[A-Za-z]:/.test(slashed))
    return refuse('The path starts with a drive letter; give it relative to the repository.');
  if (slashed.startsWith('/')) return refuse('The path is absolute; give it relative to the repository.');
  if (slashed.endsWith('/')) return refuse('The path names a folder, not a file.');
  const segments = slashed.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..')) return refuse('The path climbs out with "..".');
  if (segments.length === 0) return refuse('The path names no file.');
  if (segments[0]?.startsWith('~'))
    return refuse('The path points into a home folder; give it relative to the repository.');
  for (const segment of segments) {
    const reason = judgeSegment(segment);
    if (reason !== null) return refuse(reason);
  }
  if (refusedByWindows.test(slashed))
    return refuse('The path holds one of < > : " | ? *, which not every system can store.');
  if (segments[0]?.startsWith('-')) return refuse('The path starts with "-", which commands would take for an option.');
  const plain = segments.join('/');
  if (Buffer.byteLength(plain, 'utf8') > MAX_PATH_BYTES)
    return refuse(`The path is longer than ${MAX_PATH_BYTES} bytes.`);
  return { ok: true, path: plain };
}
