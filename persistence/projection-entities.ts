import type { ProjectionTable } from '#src/ledger/rows.ts';
import { Project } from './entities/projects.ts';
import { GitRepo } from './entities/git-repos.ts';
import { Inception } from './entities/inceptions.ts';
import { InceptionFeature } from './entities/inception-features.ts';
import { InceptionItem } from './entities/inception-items.ts';
import { Epic } from './entities/epics.ts';
import { Story } from './entities/stories.ts';
import { Feature } from './entities/features.ts';
import { FeatureTest } from './entities/feature-tests.ts';
import { Sprint } from './entities/sprints.ts';
import { StoryTask } from './entities/story-tasks.ts';
import { WorkRun } from './entities/work-runs.ts';
import { TaskRun } from './entities/task-runs.ts';
import { QaRun } from './entities/qa-runs.ts';
import { GitBranch } from './entities/git-branches.ts';
import { GitCommit } from './entities/git-commits.ts';
import { PullRequest } from './entities/pull-requests.ts';
import { Approval } from './entities/approvals.ts';
import { BudgetRaise, ModelCall, ModelSwitch } from './entities/model-calls.ts';
import { ChatThread, ProjectChannel } from './entities/surfaces.ts';
import { Incident } from './entities/incidents.ts';
import { Lesson, LessonUse } from './entities/lessons.ts';
import { LinkedAccount } from './entities/linked-accounts.ts';
import { Retrospective } from './entities/retrospectives.ts';

/** The entity of each projection table: the tables that a replay rebuilds. */
export const projectionEntities = {
  projects: Project,
  git_repos: GitRepo,
  inceptions: Inception,
  inception_features: InceptionFeature,
  inception_items: InceptionItem,
  epics: Epic,
  stories: Story,
  features: Feature,
  feature_tests: FeatureTest,
  sprints: Sprint,
  story_tasks: StoryTask,
  work_runs: WorkRun,
  task_runs: TaskRun,
  qa_runs: QaRun,
  git_branches: GitBranch,
  git_commits: GitCommit,
  pull_requests: PullRequest,
  approvals: Approval,
  model_calls: ModelCall,
  budget_raises: BudgetRaise,
  model_switches: ModelSwitch,
  project_channels: ProjectChannel,
  chat_threads: ChatThread,
  linked_accounts: LinkedAccount,
  lessons: Lesson,
  lesson_uses: LessonUse,
  retrospectives: Retrospective,
  incidents: Incident,
} satisfies Record<ProjectionTable, unknown>;

export const projectionTables = Object.keys(projectionEntities) as ProjectionTable[];
