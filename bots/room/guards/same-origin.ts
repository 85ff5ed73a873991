/** What a request says about the page that sent it. Null: the header is absent. */
export interface Sender {
  method: string;
  host: string;
  origin: string | null;
  site: string | null;
  mode: string | null;
}

/**
 * Whether a request comes from one of our own pages. Another port of this machine is another origin, though the
 * browser would send our cookie along.
 *
 * Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with our own forms (Fetch, "append a request
 * Origin header"), so then `Sec-Fetch-Site`, which pages cannot set, has to say same-origin.
 */
export function isOwnPage(sender: Sender): boolean {
  const { method, site } = sender;
  if (method === 'GET' || method === 'HEAD') {
    // Following a link from elsewhere is fine; loading us into another page is not. Older browsers do not say.
    return site === null || site === 'same-origin' || site === 'none' || sender.mode === 'navigate';
  }
  if (site !== null && site !== 'same-origin') return false;
  if (sender.origin === `http://${sender.host}`) return true;
  return site === 'same-origin' && (sender.origin === null || sender.origin === 'null');
}
