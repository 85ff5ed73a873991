/** How much a file may ask of the machine. Every limit can be overridden; these are the defaults. */
export interface ImportLimits {
  /** All files of a zip together, unpacked. */
  maxUnpackedBytes: number;
  /** Unpacked size divided by packed size, for one file of a zip. */
  maxRatio: number;
  /** Below this unpacked size the ratio is not looked at. */
  ratioFloorBytes: number;
  maxEntries: number;
  /** One conversation: its JSON, or a text file as a whole. It is held in memory while it is read. */
  maxConversationBytes: number;
  maxMessages: number;
  /** Levels of JSON inside each other. */
  maxJsonDepth: number;
}

const MiB = 1024 * 1024;

export const defaultImportLimits: Readonly<ImportLimits> = {
  // The largest real export measured was 3.5 GB, most of it pictures.
  maxUnpackedBytes: 8 * 1024 * MiB,
  // Deflate cannot pack better than 1032:1 (zlib's technical notes); text packs about 5:1.
  maxRatio: 1000,
  ratioFloorBytes: 16 * MiB,
  maxEntries: 10_000,
  maxConversationBytes: 256 * MiB,
  maxMessages: 200_000,
  // Real exports stay under 20.
  maxJsonDepth: 200,
};
