/**
 * Mends `package-lock.json` after an `npm install` from a registry that does not offer the packages of every platform:
 * `npm run lock:complete`. Such an entry has a version and a platform and no integrity hash.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { complete, findMissing, type Lockfile } from './lockfile.ts';

const file = new URL('../../package-lock.json', import.meta.url);
const lockfile = JSON.parse(readFileSync(file, 'utf8')) as Lockfile;
console.log(`${findMissing(lockfile).length} entries added.`);
writeFileSync(file, `${JSON.stringify(complete(lockfile), null, 2)}\n`);
