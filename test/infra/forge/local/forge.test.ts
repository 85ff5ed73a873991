import { describeForge } from '#test/contracts/forge.ts';
import { localHarness } from './harness.ts';

describeForge('local forge', () => localHarness());
