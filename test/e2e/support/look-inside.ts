import { openWorkbench } from '#src/compose.ts';
import type { Workbench } from '#src/compose.ts';
import { loadConfig } from '#src/config.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { Post, ThreadRef } from '#src/ports/chat.ts';
import type { ArtifactReader } from '#src/ports/unit-of-work.ts';
import type { TestWorkbench } from './workbench.ts';

const BATCH = 500;

/** The data of a workbench that no process works on, as another process of ours sees it. */
export interface Inside {
  workbench: Workbench;
  events: readonly RecordedEvent[];
  /** Draws chat up to the end of the ledger, and answers a thread. */
  posts(thread: ThreadRef): Promise<Post[]>;
  /** Every artifact that the ledger names, or that one of these names. */
  artifacts: readonly Artifact[];
  /** The last one that an event of this type brought. */
  packet<T>(type: RecordedEvent['type'], taskId?: string): Promise<T>;
}

/** Opens the data in this process, without a worker and with no model, and closes it again whatever happens. */
export async function lookInside<T>(
  { dataDir, folder }: TestWorkbench,
  look: (inside: Inside) => Promise<T>,
  env: Readonly<Record<string, string>> = {},
): Promise<T> {
  const config = loadConfig({ WORKBENCH_DATA: dataDir, LOG_LEVEL: 'silent', ...env }, folder);
  const workbench = await openWorkbench(config, {
    npmProgram: null,
    registryHost: null,
    path: process.env['PATH'] ?? null,
  });
  try {
    return await look(await insideOf(workbench));
  } finally {
    await workbench.close();
  }
}

async function insideOf(workbench: Workbench): Promise<Inside> {
  const { ledger, artifacts: store } = workbench.unitOfWork;
  const events: RecordedEvent[] = [];
  for (let batch = await ledger.read(0, BATCH); batch.length > 0; batch = await ledger.read(events.length, BATCH)) {
    events.push(...batch);
  }
  const artifacts = await artifactsBehind(events, store);
  return {
    workbench,
    events,
    artifacts,
    async posts(thread) {
      const chat = await workbench.startChat();
      try {
        await chat.settle();
        return await workbench.deskTools('test').posts.thread(thread);
      } finally {
        await chat.stop();
      }
    },
    async packet<T>(type: RecordedEvent['type'], taskId?: string) {
      const found = events.findLast((event) => event.type === type && (taskId ?? event.taskId) === event.taskId);
      const artifact = found?.artifact == null ? null : await store.get(found.artifact);
      if (artifact === null) throw new Error(`no artifact of ${type}`);
      return contentOf(artifact) as T;
    },
  };
}

async function artifactsBehind(events: readonly RecordedEvent[], store: ArtifactReader): Promise<Artifact[]> {
  const found: Artifact[] = [];
  const known = new Set<string>();
  const open = events.flatMap(({ artifact, body }) => [artifact ?? '', ...hashesIn(JSON.stringify(body))]);
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    if (known.has(hash)) continue;
    known.add(hash);
    const artifact = await store.get(hash);
    if (artifact === null) continue;
    found.push(artifact);
    open.push(...hashesIn(artifact.content));
  }
  return found;
}

function hashesIn(text: string): string[] {
  return text.match(/\b[0-9a-f]{64}\b/g) ?? [];
}
