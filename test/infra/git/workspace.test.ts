import { createWorkspace } from '#infra/git/workspace.ts';
import { silentLog } from '#src/ports/log.ts';
import { describeWorkspace } from '#test/contracts/workspace.ts';
import { temporaryFolder } from '#test/support/repository.ts';

describeWorkspace('workspace over clean mirrors', () =>
  createWorkspace({ mirrorsDir: temporaryFolder(), log: silentLog }),
);
