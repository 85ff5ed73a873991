/** A piece of code in a conversation that says which file it is for. Produced by `findCodeBlocks`. */
export interface CodeBlock {
  /** Position of the message that holds it. */
  position: number;
  /** As written; not yet judged. `src/intake/file-path.ts` says whether the factory would accept it. */
  path: string;
  kind: 'file' | 'diff';
  /** The file's whole text, or a unified diff (one file each; a diff of several files becomes several blocks). */
  content: string;
  /** Info-string language, lower case, or null. */
  language: string | null;
}
