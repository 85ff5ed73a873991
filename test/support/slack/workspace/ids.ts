/** Ids that look like Slack's and that a test can read: `C000IDEAS0`. */
export interface SlackIds {
  /** The same for the same name, so that transcripts can be compared. */
  named(prefix: string, name: string): string;
  /** The next of its kind. */
  next(prefix: string): string;
}

const LENGTH = 11;

export function createIds(): SlackIds {
  const taken = new Set<string>();
  let last = 0;
  return {
    named(prefix, name) {
      const letters = name.toUpperCase().replace(/[^A-Z0-9]/g, '');
      let id = prefix + letters.padStart(LENGTH - prefix.length, '0').slice(0, 16);
      for (let copy = 2; taken.has(id); copy++) id = `${prefix}${letters}${copy}`.padEnd(LENGTH, '0');
      taken.add(id);
      return id;
    },
    next(prefix) {
      last += 1;
      return prefix + last.toString().padStart(LENGTH - prefix.length, '0');
    },
  };
}
