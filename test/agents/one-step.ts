import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepTools } from '#agents/tools/step-tools.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { createBubblewrapSandbox } from '#infra/sandbox/bubblewrap.ts';
import { createUnsandboxed } from '#infra/sandbox/unsandboxed.ts';
import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { Step, StepContext } from '#src/code-factory/step.ts';
import type { Task } from '#src/code-factory/task.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { AnyPacket } from '#src/packets/any-packet.ts';
import { PlanPacket } from '#src/packets/plan.ts';
import { ScopePacket } from '#src/packets/scope.ts';
import type { ConversationMessage } from '#src/ports/conversation.ts';
import { noGroups } from '#src/ports/groups.ts';
import type { Log } from '#src/ports/log.ts';
import { silentLog } from '#src/ports/log.ts';
import type { KeptConversation } from '#src/ports/unit-of-work.ts';
import type { Workspace } from '#src/ports/workspace.ts';
import { temporaryFolder, workingClone } from '#test/support/repository.ts';
import type { TestRepository } from '#test/support/repository.ts';
import { createScriptedCalls } from './thinking/scripted-calls.ts';
import type { RecordedCall, ScriptedAnswer, ScriptedCalls } from './thinking/scripted-calls.ts';

const TASK = '01980000-0000-7000-8000-000000000001';
const RUN = '01980000-0000-7000-8000-000000000002';
const COMMITTED_AT = '2026-11-20T10:00:00.000Z';

/** One step of the line over a real repository and a real sandbox, with a model that answers from a script. */
export interface StepFloor {
  clone: TestRepository;
  baseSha: string;
  workspace: Workspace;
  repo: { id: string; path: string; baseBranch: string };
  task: Task;
  tools: StepTools;
  signal: AbortSignal;
  /** Keeps what an earlier step left and answers its hash. */
  keep(artifact: Artifact): string;
  /** The model's next answers; with `record`, what an earlier go recorded. No script: no model. */
  script(answers: readonly ScriptedAnswer[], record?: readonly RecordedCall[]): ScriptedCalls;
  run(step: (tools: StepTools) => Step): Promise<{ artifacts: readonly Artifact[]; packet: AnyPacket }>;
  /** A file of a commit, as text. */
  fileAt(sha: string, path: string): Promise<string | null>;
}

export interface FloorOptions {
  files: Readonly<Record<string, string>>;
  messages?: readonly Pick<ConversationMessage, 'speaker' | 'role' | 'text'>[];
  brief?: Partial<TaskBrief>;
  log?: Log;
}

const TALK: NonNullable<FloorOptions['messages']> = [
  { speaker: 'Ada', role: 'person', text: 'The greeting should say hello by name.' },
  { speaker: 'ChatGPT', role: 'assistant', text: 'I could also translate the greeting.' },
  { speaker: 'Grace', role: 'person', text: 'An empty name must be refused with an error.' },
  { speaker: 'Linus', role: 'person', text: 'Lunch is at noon in the canteen.' },
];

const HEADER = { version: 1, taskId: TASK, runId: RUN, attempt: 1 } as const;

export function briefOf(more: Partial<TaskBrief> = {}): TaskBrief {
  return {
    title: 'Greet by name',
    narrative: 'As a visitor I want a greeting.',
    points: 3,
    conversationId: 'talk',
    conversationTitle: 'A greeting',
    evidence: [0],
    criteria: [{ id: 'c1', text: 'It greets by name.', given: [], when: [], then: [], evidence: [0] }],
    gherkin: 'Feature: greet\n',
    constraints: [],
    openQuestions: [],
    speakers: { '0': 'Ada' },
    changeSet: null,
    ...more,
  };
}

export function scopePacket(more: Partial<ScopePacket> = {}): Artifact {
  const packet: ScopePacket = {
    ...HEADER,
    type: 'scope',
    from: 'piper',
    to: 'mason',
    criteria: [{ id: 'c1', text: 'It greets by name.', evidence: [0] }],
    constraints: [],
    protectedAreas: ['.github/**', '/factory.yaml'],
    openQuestions: [],
    refused: [],
    modelNotes: [],
    ...more,
  };
  return jsonArtifact('packet', ScopePacket.parse(packet));
}

export function planPacket(more: Partial<PlanPacket> = {}): Artifact {
  const packet: PlanPacket = {
    ...HEADER,
    type: 'plan',
    from: 'mason',
    to: 'vera',
    steps: [{ text: 'Write the greeting.', files: ['src/greet.js'] }],
    fileTargets: [{ path: 'src/greet.js', action: 'create', why: 'The greeting.', evidence: [0] }],
    criteriaCovered: ['c1'],
    tests: ['test/greet.test.js'],
    docs: [],
    risks: [],
    rollback: 'Revert the one merge commit.',
    packArtifact: null,
    modelNotes: [],
    ...more,
  };
  return jsonArtifact('packet', PlanPacket.parse(packet));
}

/** Whether bubblewrap works on this machine; found out once. */
let isIsolated: boolean | undefined;

/** The header of this floor's task, for packets that a test makes by itself. */
export const floorHeader = HEADER;

export async function openStepFloor({ files, messages = TALK, brief, log }: FloorOptions): Promise<StepFloor> {
  const folder = temporaryFolder();
  await chmod(folder, 0o755);
  const sandboxOptions = {
    workspacesDir: join(folder, 'workspaces'),
    node: { binary: process.execPath, npmDir: null },
    log: silentLog,
  };
  const isolated = createBubblewrapSandbox(sandboxOptions);
  isIsolated ??= (await isolated.probe()).ok;
  const sandbox = isIsolated ? isolated : createUnsandboxed(sandboxOptions);
  const workspace = createWorkspace({ mirrorsDir: join(folder, 'mirrors'), log: silentLog });
  const clone = workingClone(files);
  const repo = { id: 'repo', path: clone.path, baseBranch: 'main' };
  const { baseSha } = await workspace.refresh(repo);
  const kept = new Map<string, Artifact>();
  const keep = (artifact: Artifact): string => {
    kept.set(artifact.hash, artifact);
    return artifact.hash;
  };
  const task = taskAt(baseSha, {
    brief: keep(jsonArtifact('task-brief', briefOf(brief))),
    scope: keep(scopePacket()),
    plan: keep(planPacket()),
  });
  const conversation = keptConversation(messages);
  const { signal } = new AbortController();
  let calls: ScriptedCalls | null = null;
  const tools: StepTools = {
    unitOfWork: {
      tables: {
        find: async () => [],
        get: async (table) => (table === 'git_repos' ? { ...repo } : null) as never,
        sum: unasked('sum') as never,
      },
      artifacts: { get: async (hash) => kept.get(hash) ?? null },
      withLock: async (_key, work) => ({ ran: true, value: await work() }),
      conversations: {
        get: async () => conversation,
        findByFile: async () => [],
        list: async () => [],
        forget: async () => {},
      },
      ledger: { read: async () => [], stream: async () => [], head: async () => ({ seq: 0, hash: '' }) },
    },
    workspace,
    forge: unasked('forge') as StepTools['forge'],
    groups: noGroups,
    sandbox,
    clock: { now: () => new Date(0) },
    ids: { next: () => RUN },
    vulnerabilities: null,
    thinking: { open: async () => calls, openConversation: async () => calls, hear: async () => [] },
    ...(log === undefined ? {} : { log }),
    settings: { approvers: [], tempDir: folder, registryHosts: null },
  };
  const context: StepContext = {
    task,
    signal,
    startedAt: COMMITTED_AT,
    async artifact(hash) {
      const found = kept.get(hash);
      if (found === undefined) throw new Error(`no artifact ${hash}`);
      return contentOf(found);
    },
  };
  return {
    clone,
    baseSha,
    workspace,
    repo,
    task,
    tools,
    signal,
    keep,
    script(answers, record) {
      calls = createScriptedCalls(answers, record === undefined ? {} : { record });
      return calls;
    },
    async run(step) {
      const { artifacts } = await step(tools)(context);
      const packets = artifacts.filter(({ kind }) => kind === 'packet').map((each) => AnyPacket.parse(contentOf(each)));
      const [packet] = packets;
      if (packet === undefined) throw new Error('the step left no packet');
      return { artifacts, packet };
    },
    async fileAt(sha, path) {
      const bytes = await workspace.readFile(repo, sha, path);
      return bytes === null ? null : new TextDecoder().decode(bytes);
    },
  };
}

/** Only what the steps read of a task. */
function taskAt(baseSha: string, artifacts: Partial<Task['artifacts']>): Task {
  const none = {
    assignment: null,
    lock: null,
    build: null,
    qa: null,
    blocker: null,
    body: null,
    revision: null,
    comment: null,
  };
  return {
    taskId: TASK,
    projectId: 'project',
    conversationId: 'talk',
    repoId: 'repo',
    number: 1,
    requester: 'ada',
    attempt: 1,
    run: { runId: RUN, number: 1 },
    branch: { branchId: 'branch', name: 'factory/1-greet', baseSha },
    headSha: baseSha,
    committedAt: COMMITTED_AT,
    artifacts: { ...none, ...artifacts },
    steering: [],
    sentBack: null,
    handedBack: null,
    reverts: null,
  } as unknown as Task;
}

function keptConversation(messages: NonNullable<FloorOptions['messages']>): KeptConversation {
  return {
    id: 'talk',
    projectId: 'project',
    title: 'A greeting',
    source: 'room',
    fileHash: null,
    skipped: [],
    messages: messages.map((message, position) => ({ ...message, position, at: null, originId: null })),
  };
}

function unasked(what: string): unknown {
  return new Proxy(
    {},
    {
      get() {
        throw new Error(`nobody should ask the ${what} here`);
      },
    },
  );
}
