/** Characters that a token stands for at the least, in code and plain English, by the tokenizers in common use. */
const CHARACTERS_PER_TOKEN = 3.5;

/** How many tokens a text takes, without the endpoint's tokenizer: rather too many than too few. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** The longest text that is sure to fit. */
export function charactersFor(tokens: number): number {
  return Math.max(0, Math.floor(tokens * CHARACTERS_PER_TOKEN));
}
