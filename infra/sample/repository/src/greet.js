/** "Hello, Ada." for a name; a greeting without one for everybody else. */
export function greet(name) {
  const trimmed = (name ?? '').trim();
  return trimmed === '' ? 'Hello.' : `Hello, ${trimmed}.`;
}
