import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { FactoryError } from '#src/errors.ts';
import type { SandboxWorkspace } from '#src/ports/sandbox.ts';
import { openBeneath } from './beneath.ts';

const COPY_CHUNK_BYTES = 256 * 1024;
const WRITE = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;

export type WorkspaceFiles = Pick<SandboxWorkspace, 'write' | 'copyIn' | 'read' | 'copyOut'>;

/** The file half of a workspace: everything beneath `root`, owned by `owner`, through no link. */
export function createWorkspaceFiles(root: string, owner: { uid: number; gid: number } | null): WorkspaceFiles {
  const openForWrite = async (path: string): Promise<FileHandle> => {
    const handle = await openBeneath(root, path, WRITE, { folders: true, owner });
    if (handle === null) throw new Error(`The folder of ${path} vanished while it was being written.`);
    return handle;
  };

  return {
    async write(path, content) {
      const handle = await openForWrite(path);
      try {
        await handle.writeFile(content);
      } finally {
        await handle.close();
      }
    },

    async copyIn(hostFile, path) {
      const source = await open(hostFile, 'r');
      try {
        const target = await openForWrite(path);
        try {
          await copy(source, target, Number.POSITIVE_INFINITY, path);
        } finally {
          await target.close();
        }
      } finally {
        await source.close();
      }
    },

    async read(path, maxBytes) {
      const handle = await openBeneath(root, path, constants.O_RDONLY);
      if (handle === null) return null;
      try {
        const parts: Buffer[] = [];
        await pump(handle, maxBytes, path, async (chunk) => {
          parts.push(Buffer.from(chunk));
        });
        return Buffer.concat(parts);
      } finally {
        await handle.close();
      }
    },

    async copyOut(path, hostFile, maxBytes) {
      const source = await openBeneath(root, path, constants.O_RDONLY);
      if (source === null) {
        throw new FactoryError('sandbox-file-missing', `The sandbox left no file at ${JSON.stringify(path)}.`, {
          fix: 'Look at the output of the command that should have written it.',
        });
      }
      const unfinished = `${hostFile}.${process.pid}.part`;
      try {
        const target = await open(unfinished, 'wx', 0o600);
        try {
          await copy(source, target, maxBytes, path);
        } finally {
          await target.close();
        }
        await rename(unfinished, hostFile);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      } finally {
        await source.close();
      }
    },
  };
}

async function copy(source: FileHandle, target: FileHandle, maxBytes: number, path: string): Promise<void> {
  await pump(source, maxBytes, path, async (chunk) => {
    await target.writeFile(chunk);
  });
}

/** What was really read counts, not the size that the file claims: it may grow meanwhile. */
async function pump(
  source: FileHandle,
  maxBytes: number,
  path: string,
  take: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  const buffer = Buffer.alloc(COPY_CHUNK_BYTES);
  let total = 0;
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    total += bytesRead;
    if (total > maxBytes) {
      throw new FactoryError(
        'sandbox-file-too-large',
        `The file ${JSON.stringify(path)} is larger than ${maxBytes} bytes.`,
        {
          fix: 'Make the command write less there.',
        },
      );
    }
    await take(buffer.subarray(0, bytesRead));
  }
}
