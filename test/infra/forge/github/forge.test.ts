import { describeForge } from '#test/contracts/forge.ts';
import { gitHubHarness } from './harness.ts';

describeForge('GitHub', () => gitHubHarness());
