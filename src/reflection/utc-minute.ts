/** “2026-11-20 09:30 UTC”: read by people in several places. */
export function utcMinute(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
