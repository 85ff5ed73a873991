/** Signs that models or their servers take for the edges of a turn, and our own. The first character is replaced. */
const MARKERS: readonly RegExp[] = [
  /[<＜﹤‹〈〈⟨❮]\s{0,4}[/／⁄∕⧸]?\s{0,4}[oｏ][uｕ][tｔ][sｓ][iｉ][dｄ][eｅ](?![a-z])/giu,
  // Chat templates (ChatML, Llama 3, DeepSeek), Llama 2, Gemma.
  /<[|｜][\w▁ ]{1,40}[|｜]>/g,
  /\[\/?INST\]|<<\/?SYS>>|<\/?(?:start|end)_of_turn>/g,
  // Mistral's, and those of Hermes and Qwen around calls and results of tools.
  /\[\/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]|<\/?tool_(?:call|response|result)s?>/g,
];

/** Marker-like text made visibly other: `<` becomes `&lt;` and `[` becomes `&#91;`. Idempotent. */
export function disarmMarkers(text: string, markers: readonly RegExp[] = MARKERS): string {
  return markers.reduce(
    (clean, marker) =>
      clean.replace(marker, (match) => match.replaceAll(/[<＜﹤‹〈〈⟨❮]/g, '&lt;').replaceAll('[', '&#91;')),
    text,
  );
}

export function hasMarkers(text: string): boolean {
  return MARKERS.some((marker) => text.search(marker) !== -1);
}
