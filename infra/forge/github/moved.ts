/** Where a call was sent on to. */
export interface Moved {
  /** GitHub's id of the repository that answers for the old name; null: it was not sent on, or not to a repository. */
  id: string | null;
  isMoved: boolean;
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);

/**
 * A fetch that goes nowhere else: a name that was given up may be somebody else's tomorrow. Where GitHub sends the call
 * on, `moved` learns of it and the call fails.
 */
export function fetchInPlace(
  fetch: (url: string, init: RequestInit) => Promise<Response>,
  moved: Moved,
): (url: string, init: RequestInit) => Promise<Response> {
  return async (url, init) => {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    if (!REDIRECTS.has(response.status)) return response;
    await response.body?.cancel();
    moved.isMoved = true;
    // https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
    moved.id = /\/repositories\/(\d{1,20})(?:\/|$)/.exec(response.headers.get('location') ?? '')?.[1] ?? null;
    // The client takes what is under 400 for an answer.
    return Response.json({ message: 'Moved' }, { status: 404 });
  };
}
