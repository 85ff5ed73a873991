import { readFile } from 'node:fs/promises';
import type { CustomRoute } from '@slack/bolt';
import { personaNames } from '#src/ports/personas.ts';

const ASSETS = new URL('../assets/', import.meta.url);
/** They change with a new version only. */
const CACHE_SECONDS = 24 * 60 * 60;

/**
 * The drawn faces beside Slack's own address: `/slack/avatars/mason.png`. Whatever leads Slack's requests here leads its
 * pictures here, too. Only these six files can be had.
 */
export const avatarRoutes: CustomRoute[] = personaNames.map((persona) => ({
  path: `/slack/avatars/${persona}.png`,
  method: ['GET', 'HEAD'],
  handler(_request, response) {
    void readFile(new URL(`${persona}.png`, ASSETS)).then(
      (picture) => {
        response.writeHead(200, {
          'content-type': 'image/png',
          'content-length': picture.byteLength,
          'cache-control': `public, max-age=${CACHE_SECONDS}`,
          'x-content-type-options': 'nosniff',
        });
        response.end(picture);
      },
      () => {
        response.writeHead(404);
        response.end();
      },
    );
  },
}));
