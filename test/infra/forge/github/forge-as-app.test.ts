import { describeForge } from '#test/contracts/forge.ts';
import { gitHubHarness } from './harness.ts';

describeForge('GitHub, through an App', () => gitHubHarness({ asApp: true }));
