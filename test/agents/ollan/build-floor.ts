import { join } from 'node:path';
import { createBuild } from '#agents/ollan/build.ts';
import { createLocalForge } from '#infra/forge/local/forge.ts';
import type { Task } from '#src/code-factory/task.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import { BuildResultPacket } from '#src/packets/build-result.ts';
import { QaResultPacket } from '#src/packets/qa-result.ts';
import { silentLog } from '#src/ports/log.ts';
import { floorHeader, openStepFloor } from '../one-step.ts';
import type { FloorOptions, StepFloor } from '../one-step.ts';
import { asksFor, says } from '../thinking/scripted-calls.ts';

export const BRANCH = 'factory/1-greet';
export const TEST_PATH = 'test/greet.test.js';
export const CODE_PATH = 'src/greet.js';

export const testOf = (body: string, imports = "import { greet } from '../src/greet.js';") =>
  `import test from 'node:test';\nimport assert from 'node:assert';\n${imports}\n${body}\n`;
export const LOCKED = testOf("test('c1 it greets by name', () => assert.equal(greet('Ada'), 'Hello, Ada'));");
export const GREET = 'export const greet = (name) => `Hello, ${name}`;\n';

export const FILES = {
  'package.json': '{"type":"module","scripts":{"test":"node --test"}}\n',
  'src/add.js': 'export const add = (a, b) => a + b;\n',
  'test/add.test.js': testOf("test('adds', () => assert.equal(add(1, 2), 3));", "import { add } from '../src/add.js';"),
};

export const write = (content: string, path = CODE_PATH) => asksFor(['write_file', { path, content }]);
export const done = (summary = 'Greets by name.', notes: readonly string[] = []) =>
  says({ summary, blocker: null, notes });

/** The build step on a real repository with a forge, after Vera locked a test that is red without the code. */
export interface BuildFloor extends StepFloor {
  testsSha: string;
  /** Vera locks this test instead; answers its commit. */
  lock(content: string | null): Promise<string>;
  branchHead(): string | null;
  build(): Promise<BuildResultPacket>;
  /** As `build`, and then the task goes on as if Vera's checks had failed with this finding. */
  buildAndFail(finding: string, output?: string): Promise<BuildResultPacket>;
  last: { artifacts: readonly Artifact[] };
}

export async function openBuildFloor(
  options: Partial<FloorOptions> & { hasTests?: boolean } = {},
): Promise<BuildFloor> {
  const { hasTests = true, ...rest } = options;
  const floor = await openStepFloor({ files: FILES, ...rest });
  const { clone, baseSha, repo, workspace, task, tools } = floor;
  const lock = async (content: string | null): Promise<string> => {
    clone.git('checkout', '-q', '-b', 'factory/9-locked', baseSha);
    const sha = content === null ? baseSha : clone.commit({ [TEST_PATH]: content }, 'Test: greet');
    await workspace.refresh(repo);
    clone.git('checkout', '-q', 'main');
    clone.git('branch', '-q', '-D', 'factory/9-locked');
    const packet = BehaviourLockPacket.parse({
      ...floorHeader,
      type: 'behaviour-lock',
      from: 'vera',
      to: 'ollan',
      testsSha: content === null ? null : sha,
      testFiles: content === null ? [] : [TEST_PATH],
      writtenBy: content === null ? null : 'vera',
      redOnBase: content === null ? null : true,
      baselineArtifact: null,
      featureArtifact: 'feature',
      notes: [],
    });
    task.artifacts.lock = floor.keep(jsonArtifact('packet', packet));
    return sha;
  };
  const testsSha = await lock(hasTests ? LOCKED : null);
  clone.git('branch', '-q', BRANCH, baseSha);
  tools.forge = createLocalForge({ mirrorsDir: join(tools.settings.tempDir, 'mirrors'), log: silentLog });
  const last: BuildFloor['last'] = { artifacts: [] };
  const build = async (): Promise<BuildResultPacket> => {
    const { artifacts, packet } = await floor.run(createBuild);
    last.artifacts = artifacts;
    return BuildResultPacket.parse(packet);
  };
  return {
    ...floor,
    testsSha,
    lock,
    last,
    branchHead: () => clone.head(BRANCH),
    build,
    async buildAndFail(finding, output = '') {
      const packet = await build();
      record(task, packet, floor.keep);
      const report = jsonArtifact('check-report', {
        sha: packet.headSha,
        prepare: null,
        checks: [
          {
            name: 'npm test',
            command: 'npm test',
            exitCode: 1,
            endedBy: null,
            durationMs: 9,
            cases: null,
            outputTail: output,
          },
        ],
      });
      const verdict = QaResultPacket.parse({
        ...floorHeader,
        type: 'qa-result',
        from: 'vera',
        to: 'tess',
        headSha: packet.headSha,
        outcome: 'failed',
        proofs: [],
        findings: [{ check: 'npm test', test: null, text: finding }],
        knownBefore: [],
        checks: [],
        reportArtifact: floor.keep(report),
      });
      task.artifacts.qa = floor.keep(jsonArtifact('packet', verdict));
      task.attempt += 1;
      return packet;
    },
  };
}

/** What `code.generated` makes of the task. */
export function record(task: Task, packet: BuildResultPacket, keep: (artifact: Artifact) => string): void {
  task.artifacts.build = keep(jsonArtifact('packet', packet));
  task.headSha = packet.headSha;
  task.handedBack = null;
}

/** `thoughts.md` of the last build. */
export function thoughtsOf({ last }: BuildFloor): string {
  return String(
    contentOf(last.artifacts.find(({ kind }) => kind === 'thoughts') ?? { mediaType: 'text/plain', content: '' }),
  );
}
