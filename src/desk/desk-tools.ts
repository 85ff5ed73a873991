import type { LedgerVerdict } from '#src/ledger/verdict.ts';
import type { Post, PostStore } from '#src/ports/chat.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Forge } from '#src/ports/forge.ts';
import type { Groups } from '#src/ports/groups.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { LinkedAccounts } from '#src/ports/linked-accounts.ts';
import type { Log } from '#src/ports/log.ts';
import type { Reminders } from '#src/ports/reminders.ts';
import type { People, SurfacePosts } from '#src/ports/surface.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { Workspace } from '#src/ports/workspace.ts';
import type { FileSource } from '#src/intake/file-source.ts';
import type { ReviewDependencies } from '#src/review/review-task.ts';
import type { ApprovalRights } from '#src/review/rights.ts';
import type { WorkingHours } from '#src/working-hours.ts';
import type { CheckView } from './desk.ts';

/** What the front desk stands on. */
export interface DeskTools {
  unitOfWork: UnitOfWork;
  posts: PostStore;
  surfacePosts: SurfacePosts;
  people: People;
  reminders: Reminders;
  /** When people are reminded of what waits for them; null: never. */
  workingHours: WorkingHours | null;
  workspace: Workspace;
  clock: Clock;
  ids: Ids;
  log: Log;
  review: ReviewDependencies;
  groups: Groups;
  accounts: LinkedAccounts;
  /** `APPROVERS`, read now; for what is not about one repository. */
  approvers(): Promise<Omit<ApprovalRights, 'forge'>>;
  forge: Pick<Forge, 'branchHead'>;
  /** Whether a model is set up and people let it read what is said in this conversation. */
  modelFor(projectId: string, conversationId: string): Promise<boolean>;
  /** Where wakes go. */
  lane: string;
  verifyLedger(): Promise<LedgerVerdict>;
  /** At a halt: takes back the credentials that are in use. Answers with what a person should know; null: there are none. Never rejects. */
  takeBackCredentials(): Promise<string | null>;
  doctor(): Promise<CheckView[]>;
  sample: Sample;
  onPosts(listener: (posts: readonly Post[]) => void): () => void;
}

/** The bundled conversation, and a small repository that is made when it is asked for. */
export interface Sample {
  conversation(): FileSource;
  /** Makes it; returns its absolute path. */
  makeRepository(): Promise<string>;
}
