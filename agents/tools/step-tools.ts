import type { Thinking } from '#src/code-factory/thinking.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Forge } from '#src/ports/forge.ts';
import type { Groups } from '#src/ports/groups.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { Log } from '#src/ports/log.ts';
import type { Sandbox } from '#src/ports/sandbox.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { Vulnerabilities } from '#src/ports/vulnerabilities.ts';
import type { Workspace } from '#src/ports/workspace.ts';

/** What the personas work with. They hold no keys and no database: they propose, the host applies. */
export interface StepTools {
  unitOfWork: Pick<UnitOfWork, 'tables' | 'artifacts' | 'withLock' | 'conversations' | 'ledger'>;
  workspace: Workspace;
  forge: Forge;
  groups: Groups;
  sandbox: Sandbox;
  /** null: nobody is asked about new dependencies, and reviewers are told so. */
  vulnerabilities: Vulnerabilities | null;
  clock: Clock;
  ids: Ids;
  /** null: no model is set up; the deterministic path is all there is. */
  thinking: Thinking | null;
  /** For what is left out without a step failing. */
  log?: Log;
  settings: StepSettings;
}

export interface StepSettings {
  /** `APPROVERS` as it stands now. */
  approvers: readonly string[];
  /** Folder for bundles on their way in or out of the sandbox. */
  tempDir: string;
  /** `host:port` that the default `prepare` may reach, from the machine's npm settings; null: npm's public registry. */
  registryHosts: readonly string[] | null;
}
