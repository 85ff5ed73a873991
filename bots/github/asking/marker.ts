/** The beginning of the one comment that the factory writes on an issue. Pages do not show it. */
export const MARKER = '<!-- factory-workbench:questions -->';

/** Whether a comment says that it is the factory's. Anybody can write that; whose it is has to be looked at besides. */
export function hasMarker(text: string): boolean {
  return text.startsWith(MARKER);
}
