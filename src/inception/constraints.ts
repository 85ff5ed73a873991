import type { CanvasItem } from './canvas.ts';
import { ItemList } from './item-list.ts';
import type { Said } from './statements.ts';
import { keyTokens } from './tokens.ts';

/** Bounds that people set on how it is built, by kind. Each pattern needs the bound itself, not only its subject. */
const bounds: readonly RegExp[] = [
  // technology
  /\b(?:(?:must|should|has to|have to|needs? to|will|only) (?:also )?(?:run (?:on|in|with|without)|work (?:on|in|offline|without)|be (?:hosted|deployed|built|written|compatible)|support|use)s?|(?:works?|runs?) only (?:in|on|with)|only (?:works?|runs?) (?:in|on|with)|hosted (?:on|at|in)|deploy(?:ed)? (?:on|to)|built (?:on|with|by)|powered by|compatible with|relies on|depends on|is taken over from|moderni[sz]ing)\b/i,
  /\b(?:uses?|using|via|through|with|on|in) (?:the |an? |our |plain )?(?:[A-Z][\w.+#-]*(?: [A-Z][\w.+#-]*)* (?:API|SDK|database|framework|library|server|VM|cloud|standard|storage|runtime)|PostgreSQL|Postgres|SQLite|MySQL|MongoDB|Redis|Docker|Kubernetes|AWS|Azure|TypeScript|JavaScript|Python|Rust|Go|Java|React|Vue|Svelte|Node(?:\.js)?|Django|Rails|Chrome|Firefox|Safari|iOS|Android|Linux|Windows|macOS)\b/,
  /\b(?:no|without(?: any)?|zero) (?:external |new |third-party |extra )?(?:dependencies|packages|libraries|frameworks|build step|accounts?|backend|server)\b/i,
  /\b(?:config(?:uration)? file|environment variables?|local storage|open[- ]?source licen[cs]e)\b/i,
  // legal
  /\b(?:MIT|Apache(?:[- ]2(?:\.0)?)?|GPL(?:v?3)?|AGPL|BSD|MPL)[- ]licen[cs]ed?\b|\b(?:GDPR|HIPAA|PCI|COPPA|WCAG|accessibility|privacy law|data protection|terms of service)\b/i,
  // quality
  /\b(?:response time|latency|uptime|availability|throughput|accuracy|non-functional)\b[^.!?\n]*\b(?:\d|must|should|requirements?|at least|at most|under|below|within|target|threshold)/i,
  /\b(?:under|below|within|at most|at least|no more than|less than|faster than|up to) \d[\d.,]*\s?(?:ms|milliseconds?|s|seconds?|minutes?|MB|GB|KB|requests?|users?)(?![\w])/i,
  // money and time
  /(?:[$€£]\s?\d|\b\d[\d.,]*\s?(?:dollars|euros|pounds|usd|eur)\b)|\bbudget (?:is|of|for)\b|\bfor free\b/i,
  /\b(?:deadline (?:is|on|for)|due (?:on|by)|ready by|live by|launch(?:es)? (?:on|by|in)|(?:finish|done|ship|release)[^.!?\n]{0,40} by (?:the end|next|\d|january|february|march|april|may|june|july|august|september|october|november|december|week)|\d+ weeks? (?:total|left|until|in total)|weeks total)\b/i,
];

export function readConstraints(conversation: readonly Said[]): CanvasItem[] {
  const list = new ItemList();
  for (const said of conversation) {
    if (said.role === 'assistant') continue;
    for (const text of said.constraints) list.add(text, [said.position]);
    for (const piece of said.pieces) {
      const { text } = piece;
      if (/\?["')]*$/.test(text) || text.length > 400 || keyTokens(text).size < 2) continue;
      // "I will show", "can I": what somebody does in the meeting binds nothing.
      if (/^(?:let me|let's|i(?:'ll| will| can| could|'m| am)?|what|how|why|can|could) /i.test(text)) continue;
      if (bounds.some((pattern) => pattern.test(text))) list.add(text, [said.position]);
    }
  }
  return list.finish();
}
