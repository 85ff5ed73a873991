import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';

const folder = join(import.meta.dirname, 'assets');
const require = createRequire(import.meta.url);

/** Sheets in the order in which they apply. They are sent as one. */
const sheets = ['base.css', 'layout.css', 'posts.css', 'cards.css', 'pages.css'];
const scripts = {
  'htmx.js': require.resolve('htmx.org/dist/htmx.min.js'),
  'htmx-sse.js': require.resolve('htmx.org/dist/ext/hx-sse.min.js'),
};
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface Asset {
  body: Uint8Array<ArrayBuffer>;
  type: string;
}

/** What the pages are made of, read once. The address holds a hash, so that browsers may keep it for good. */
export interface Assets {
  url(name: string): string;
  get(name: string): Asset | null;
}

export function loadAssets(): Assets {
  const files = new Map<string, Asset>();
  const add = (name: string, body: Buffer): void => {
    files.set(name, { body: new Uint8Array(body), type: types[extname(name)] ?? 'application/octet-stream' });
  };
  add('room.css', Buffer.concat(sheets.map((sheet) => readFileSync(join(folder, sheet)))));
  for (const [name, path] of Object.entries(scripts)) add(name, readFileSync(path));
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js')))
    add(name, readFileSync(join(folder, name)));
  for (const name of readdirSync(join(folder, 'marks')))
    add(`marks/${name}`, readFileSync(join(folder, 'marks', name)));

  const hash = createHash('sha256');
  for (const [name, asset] of files) hash.update(name).update(asset.body);
  const version = hash.digest('hex').slice(0, 12);
  return { url: (name) => `/assets/${version}/${name}`, get: (name) => files.get(name) ?? null };
}
