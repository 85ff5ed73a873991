/** Identifiers come from here, so that tests can name them. Values are UUIDs, version 7 (RFC 9562), so they sort by time. */
export interface Ids {
  next(): string;
}
