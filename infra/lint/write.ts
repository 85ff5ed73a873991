/** Writes `.oxlintrc.json` from the ranks in house.ts. Run it through `npm run lint:write`. */
import { writeFileSync } from 'node:fs';
import { renderOxlintConfig } from './oxlintrc.ts';

writeFileSync(new URL('../../.oxlintrc.json', import.meta.url), renderOxlintConfig());
