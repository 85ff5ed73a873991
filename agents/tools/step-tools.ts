import type { Clock } from '#src/ports/clock.ts';
import type { Forge } from '#src/ports/forge.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { Sandbox } from '#src/ports/sandbox.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { Workspace } from '#src/ports/workspace.ts';

/** What the personas work with. They hold no keys and no database: they propose, the host applies. */
export interface StepTools {
  unitOfWork: Pick<UnitOfWork, 'tables' | 'artifacts' | 'withLock'>;
  workspace: Workspace;
  forge: Forge;
  sandbox: Sandbox;
  clock: Clock;
  ids: Ids;
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
