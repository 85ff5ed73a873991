/**
 * What Slack takes, from the doc comments of `@slack/types`. Lengths are counted here in UTF-16 units, which are never
 * fewer than Slack's characters.
 */
export const slackLimits = {
  blocksInMessage: 50,
  blocksInModal: 100,
  elementsInActions: 25,
  buttonLabel: 75,
  accessibilityLabel: 75,
  value: 2_000,
  actionId: 255,
  sectionText: 3_000,
  contextText: 3_000,
  modalTitle: 24,
  modalButton: 24,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  inputLabel: 2_000,
  inputText: 3_000,
  privateMetadata: 3_000,
} as const;

/**
 * Blocks of one message together: beyond some 13,200 characters Slack answers `msg_blocks_too_long`. The rule is in no
 * documentation (slackapi/bolt-js#2509, #2867: containers count too), so the JSON is measured, and stays well below.
 */
export const MESSAGE_BLOCKS_CHARS = 11_000;

/** A modal may take 250 kB; a page of this size still reads on a phone. */
export const MODAL_BLOCKS_CHARS = 30_000;

/** One rich text block. Slack names no limit; a section's is known to be taken. */
export const RICH_TEXT_CHARS = 2_900;
