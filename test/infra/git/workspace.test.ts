import { createWorkspace } from '#infra/git/workspace.ts';
import { silentLog } from '#src/ports/log.ts';
import { describeWorkspace } from '#test/contracts/workspace.ts';
import { describeReverts } from '#test/contracts/workspace-revert.ts';
import { temporaryFolder } from '#test/support/repository.ts';

const create = () => createWorkspace({ mirrorsDir: temporaryFolder(), log: silentLog });

describeWorkspace('workspace over clean mirrors', create);
describeReverts('workspace over clean mirrors', create);
