import * as z from 'zod';
import { FactoryError } from '#src/errors.ts';
import type { RoomContext } from './room.ts';
import { parseThreadName } from './urls.ts';
import { maxMessageChars } from './views/composer.ts';

/** A form of text, not a file: a pasted transcript of a long day fits. */
export const maxFormBytes = 8 * 1024 * 1024;

const id = z.string().min(1).max(200);

const threadField = z.string().transform((name, context) => {
  const thread = parseThreadName(name);
  if (thread === null) context.addIssue({ code: 'custom', message: 'not a thread' });
  return thread ?? z.NEVER;
});

const CHOICE = 'choice.';

export const pressForm = z
  .object({
    post: id,
    thread: threadField,
    version: z.coerce.number().int().min(1),
    action: z.string().min(1).max(200),
    input: z.string().max(4_000).optional(),
  })
  .catchall(z.unknown())
  .transform(({ post, thread, version, action, input, ...rest }) => ({
    ...{ post, thread, version, action, input },
    /** By the names of the choices. */
    chosen: Object.fromEntries(
      Object.entries(rest).flatMap(([field, value]) =>
        field.startsWith(CHOICE) && typeof value === 'string' ? [[field.slice(CHOICE.length), value]] : [],
      ),
    ),
  }));

export const sayForm = z.object({
  thread: threadField,
  text: z.string().trim().min(1).max(maxMessageChars),
  origin: id,
  as: z.enum(['message', 'idea']).default('message'),
});

export const startForm = z.object({
  repository: z.string().trim().max(4_096).default(''),
  text: z.string().max(maxFormBytes).default(''),
  as: z.enum(['idea', 'conversation']).default('idea'),
});

export const repositoryForm = z.object({
  path: z.string().trim().min(1).max(4_096),
  base: z.string().trim().max(255).default(''),
});

/** The fields of a form. FactoryError `form-refused` when they are not what our pages send. */
export async function readForm<T extends z.ZodType>(c: RoomContext, shape: T): Promise<z.output<T>> {
  const result = shape.safeParse(await c.req.parseBody());
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new FactoryError('form-refused', `This could not be read: ${fields}.`, {
    fix: 'Check the field, or load the page once more and try again.',
  });
}
