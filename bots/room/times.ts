const short = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hour12: false });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium' });

function parse(iso: string): Date | null {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** `14:02`, in the machine's time zone: the room runs where its reader sits. The page's script puts it in the reader's. */
export function clockTime(iso: string): string {
  const at = parse(iso);
  return at === null ? iso : short.format(at);
}

/** `20 Nov`. */
export function dayOf(iso: string): string {
  const at = parse(iso);
  return at === null ? iso : day.format(at);
}

/** `20 November 2026 at 14:02:11`. */
export function absoluteTime(iso: string): string {
  const at = parse(iso);
  return at === null ? iso : full.format(at);
}

/** `0.4 s`, `14 s`, `3:05`, `1:02:03`. */
export function duration(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}
