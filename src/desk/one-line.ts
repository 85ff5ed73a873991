/** People's words as one line of an answer: chat knows `code` and **bold** only. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s*`]+/g, ' ').trim();
}
