/** A file as bytes, wherever it lies. The intake reads it through this and does no input or output of its own. */
export interface FileSource {
  /** For people and for the titles of untitled texts; never used to guess a format. */
  name: string;
  sizeBytes: number;
  /** The bytes from the start. May be called several times; each call starts anew. */
  open(): AsyncIterable<Uint8Array>;
}

/** Bytes that are already in memory (a paste, an upload, a test) as a file. */
export function bytesSource(name: string, bytes: Uint8Array): FileSource {
  return {
    name,
    sizeBytes: bytes.byteLength,
    async *open() {
      if (bytes.byteLength > 0) yield bytes;
    },
  };
}
