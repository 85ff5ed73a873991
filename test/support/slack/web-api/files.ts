import { fileJson, newMessage } from '../workspace/message.ts';
import { objects } from '../workspace/json.ts';
import type { SlackApp, SlackFile } from '../workspace/types.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { bot, visibleChannel } from './method.ts';
import type { Method } from './method.ts';
import { Refusal } from './refusal.ts';

/** Uploads that were announced and are not complete. */
export type PendingUploads = Map<string, { file: SlackFile; app: SlackApp; length: number }>;

export function fileMethods(pending: PendingUploads): Readonly<Record<string, Method>> {
  return {
    'files.info': bot(['files:read'], ({ workspace, app, args }) => {
      const file = workspace.files.get(args.text('file', 'file_not_found'));
      if (file === undefined || !maySee(workspace, app, file)) throw new Refusal('file_not_found');
      return { file: fileJson(workspace, file), comments: [], response_metadata: { next_cursor: '' } };
    }),

    'files.getUploadURLExternal': bot(['files:write'], ({ workspace, app, args }) => {
      const name = args.text('filename');
      const length = args.whole('length', 0, Number.MAX_SAFE_INTEGER);
      if (length === 0) throw new Refusal('invalid_arguments');
      const snippetType = args.optionalText('snippet_type');
      if (snippetType !== null && length > 1_000_000) throw new Refusal('snippet_too_large');
      const file = newFile(workspace, { name, userId: app.botUserId, content: Buffer.alloc(0), snippetType });
      pending.set(file.id, { file, app, length });
      return { upload_url: `${workspace.baseUrl}/upload/${file.id}`, file_id: file.id };
    }),

    'files.completeUploadExternal': bot(['files:write'], (call) => {
      const { workspace, app, args, publisher } = call;
      const named = objects(args.list('files', 'invalid_arguments'));
      const files = named.map(({ id, title }) => {
        const upload = pending.get(String(id));
        if (upload === undefined || upload.app !== app) throw new Refusal('file_not_found');
        if (upload.file.content.length === 0) throw new Refusal('file_update_failed');
        if (typeof title === 'string') upload.file.title = title;
        return upload.file;
      });
      const channelId = args.optionalText('channel_id');
      const channel = channelId === null ? null : visibleChannel(call, channelId);
      if (channel !== null && !channel.members.has(app.botUserId)) throw new Refusal('not_in_channel');
      if (channel?.isArchived === true) throw new Refusal('is_archived');
      for (const file of files) {
        pending.delete(file.id);
        workspace.files.set(file.id, file);
      }
      if (channel !== null) {
        for (const file of files) file.channelIds.add(channel.id);
        const message = newMessage(workspace, {
          app,
          userId: app.botUserId,
          subtype: null,
          text: args.optionalText('initial_comment') ?? '',
          files,
          threadTs: args.optionalText('thread_ts'),
        });
        channel.messages.push(message);
        publisher.messagePosted(channel, message);
      }
      return { files: files.map((file) => fileJson(workspace, file)) };
    }),
  };
}

/** An app sees what was shared where it is, and what it uploaded itself. */
export function maySee(workspace: Workspace, app: SlackApp, file: SlackFile): boolean {
  if (file.userId === app.botUserId) return true;
  return [...file.channelIds].some((id) => workspace.channels.get(id)?.members.has(app.botUserId) === true);
}

export function newFile(
  workspace: Workspace,
  said: { name: string; userId: string; content: Buffer; snippetType?: string | null; mimetype?: string },
): SlackFile {
  const ending = said.name.split('.').at(-1)?.toLowerCase() ?? '';
  return {
    id: workspace.ids.next('F'),
    name: said.name,
    title: said.name,
    mimetype: said.mimetype ?? MIME_TYPES[ending] ?? 'application/octet-stream',
    filetype: said.snippetType ?? ending,
    mode: said.snippetType == null ? 'hosted' : 'snippet',
    userId: said.userId,
    content: said.content,
    createdAtMs: workspace.clock.nowMs(),
    channelIds: new Set(),
  };
}

const MIME_TYPES: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  md: 'text/markdown',
  json: 'application/json',
  zip: 'application/zip',
  png: 'image/png',
  diff: 'text/plain',
  patch: 'text/plain',
  ts: 'text/plain',
};
