import { FactoryError } from '#src/errors.ts';

/** Where signed requests of every kind come in. */
const REQUEST_PATH = '/slack/events';

/** The address that Slack is told. A bare host gets the path. FactoryError `usage` when Slack could not reach it. */
export function readRequestUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.protocol !== 'https:' || url.search !== '' || url.hash !== '') {
    throw new FactoryError('usage', `"${text}" is no address that Slack sends requests to.`, {
      fix: 'Give the public https address of this machine, such as --http https://bot.example.com.',
    });
  }
  if (url.pathname === '/') url.pathname = REQUEST_PATH;
  return url.href;
}
