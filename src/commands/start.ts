import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { createRoom } from '#bots/room/create-room.ts';
import { serve } from '#infra/http/serve.ts';
import { installBubblewrap, installCommand } from '#infra/sandbox/install.ts';
import { FACTORY_LANE, openWorkbench } from '#src/compose.ts';
import type { Workbench } from '#src/compose.ts';
import { haltSentence } from '#src/desk/cards/halt-sentence.ts';
import { FactoryError } from '#src/errors.ts';
import { LOCAL_USER } from '#src/review/rights.ts';
import type { Command, CommandResult } from './command.ts';
import { parseWords } from './parse.ts';
import { listenForStop } from './stop-signal.ts';

const TOKEN_BYTES = 24;

export const startCommand: Command = {
  name: 'start',
  usage: 'start',
  summary: 'Start everything and print the address of the room.',
  async run({ argv, config, host }) {
    parseWords(argv, this.usage, {}, { min: 0, max: 0 });
    const stop = listenForStop();
    const workbench = await openWorkbench(config, host);
    try {
      for (const note of workbench.notes) say(note);
      if (workbench.database.kind === 'external') return await serveRoom(workbench, stop);
      // Embedded data belongs to one room; a second one would split the people between two pages.
      const alone = await workbench.unitOfWork.withLock('room', () => serveRoom(workbench, stop));
      if (alone.ran) return alone.value;
      const address = await readFile(addressFile(workbench), 'utf8').catch(() => 'an address that it printed');
      throw new FactoryError(
        'already-running',
        `The workbench is already running on this data, at ${address.trim()}.`,
        {
          fix: 'Open that address, stop the other one, or set WORKBENCH_DATA to another folder.',
        },
      );
    } finally {
      await workbench.close();
    }
  },
};

async function serveRoom(workbench: Workbench, stop: AbortSignal): Promise<CommandResult> {
  const { config, log } = workbench;
  await prepareSandbox(workbench);
  let origin = '';
  const token = await roomToken(workbench);
  const handler = createRoom({
    desk: workbench.createDesk(),
    actor: LOCAL_USER,
    token,
    origin: () => origin,
    uploadFolder: path.join(workbench.homePath, 'uploads'),
    log,
    onGitHub: config.github !== null,
  });
  const served = await serve({ handler, port: config.port, portIsExplicit: config.portIsExplicit, log });
  origin = served.url;
  const chat = await workbench.startChat();
  const worker = await workbench.startWorker(FACTORY_LANE, { taskIds: 'all' });
  for (const warning of worker.warnings) say(warning);
  const surfaces = await workbench.startSurfaces(say);
  const { halt } = await workbench.createDesk().overview(LOCAL_USER);
  if (halt !== undefined) say(haltSentence(halt));
  const address = `${served.url}/?token=${token}`;
  await writeFile(addressFile(workbench), `${address}\n`, { mode: 0o600 });
  say(`Room: ${address}`);
  say('Press Ctrl-C to stop. What is under way goes on at the next start.');

  if (!stop.aborted) await once(stop, 'abort');
  say('Stopping.');
  await rm(addressFile(workbench), { force: true });
  await served.close();
  await surfaces.stop();
  await worker.stop({ forget: false });
  await chat.stop();
  return { document: { stopped: true }, lines: [], exitCode: 0 };
}

/** People need the address at once, so it does not wait for the command to end. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function addressFile({ homePath }: Workbench): string {
  return path.join(homePath, 'room-address');
}

/** Kept, so that an address in the browser's history works after a restart; only its owner can read it. */
async function roomToken({ homePath }: Workbench): Promise<string> {
  const file = path.join(homePath, 'room-token');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim().length >= TOKEN_BYTES) return kept.trim();
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  await writeFile(file, token, { mode: 0o600 });
  return token;
}

/** Without a sandbox, code steps wait. Root gets it installed; on a terminal a person is asked; else the command is named. */
async function prepareSandbox({ config, sandbox }: Workbench): Promise<void> {
  if (config.sandbox === 'none') {
    say('SANDBOX=none: code from conversations runs with your own rights on this machine.');
    return;
  }
  const probe = await sandbox.probe();
  if (probe.ok) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot || (await agrees(`${probe.reason} Install it now? [y/N] `))) {
    say(`${probe.reason} Installing it.`);
    const outcome = await installBubblewrap();
    say(outcome.ok ? `Ran: ${outcome.ran}` : `${outcome.reason} ${outcome.fix}`);
    const again = await sandbox.probe();
    if (again.ok) return;
    say(`${again.reason} ${again.fix}`);
  } else {
    say(`${probe.reason} Until it works, tasks wait before their first code step. Run: ${installCommand()}`);
  }
}

async function agrees(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
