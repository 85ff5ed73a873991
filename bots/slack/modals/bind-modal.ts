import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import * as z from 'zod';
import type { ProjectSummary } from '#src/desk/desk.ts';
import type { ProjectChannelRow } from '#src/ledger/rows.ts';
import { plainText } from '../blocks/buttons.ts';
import { slackLimits } from '../blocks/limits.ts';
import { bold, bullet, linesBlocks, line, words } from '../blocks/rich-text.ts';

/** `callback_id` of the modal in which a channel is given its project. */
export const BIND_MODAL = 'bind-channel';

const keptSchema = z.strictObject({
  channel: z.string(),
  name: z.string(),
  /** The message that called while the channel had no project; it is taken up once it has one. */
  called: z.string().nullable(),
});
/** What the modal is about. */
export type Binding = z.infer<typeof keptSchema>;

const blocks = { project: 'project', path: 'path', listen: 'listen', model: 'model' } as const;
const ANOTHER = 'another';
const OPTIONS = 100;
const PATH_CHARS = 500;

/** What a person chose. */
export interface Chosen {
  /** null: the project of the repository at `path`. */
  projectId: string | null;
  path: string;
  listen: ProjectChannelRow['listen'];
  isModelOff: boolean;
}

export interface BindFacts {
  binding: Binding;
  projects: readonly ProjectSummary[];
  bound: ProjectChannelRow | null;
  /** A repository that was named already, or nothing. */
  path: string;
  /** Models that may read along, by name and host. */
  models: readonly string[];
  /** As people mention the app. */
  botName: string;
}

export function drawBindModal(facts: BindFacts): ModalView {
  const { binding, bound } = facts;
  const [listening = mentions] = [mentions, everything].filter(({ value }) => value === bound?.listen);
  return {
    type: 'modal',
    callback_id: BIND_MODAL,
    private_metadata: JSON.stringify(binding),
    title: plainText('Project of this channel', slackLimits.modalTitle),
    submit: plainText('Work here', slackLimits.modalButton),
    close: plainText('Not now', slackLimits.modalButton),
    blocks: [
      ...whatItMeans(facts),
      projectInput(facts),
      {
        type: 'input',
        block_id: blocks.path,
        optional: true,
        label: plainText('Path of the repository', slackLimits.inputLabel),
        hint: plainText(
          'Only for another one: a folder on the machine of the workbench, or github:OWNER/NAME where GitHub is set up.',
          150,
        ),
        element: {
          type: 'plain_text_input',
          action_id: blocks.path,
          max_length: PATH_CHARS,
          ...(facts.path === '' ? {} : { initial_value: facts.path.slice(0, PATH_CHARS) }),
        },
      },
      {
        type: 'input',
        block_id: blocks.listen,
        label: plainText('How I listen', slackLimits.inputLabel),
        element: {
          type: 'radio_buttons',
          action_id: blocks.listen,
          options: [mentions, everything],
          initial_option: listening,
        },
      },
      {
        type: 'input',
        block_id: blocks.model,
        optional: true,
        label: plainText('Model', slackLimits.inputLabel),
        element: { type: 'checkboxes', action_id: blocks.model, options: [noModel] },
      },
    ],
  };
}

const option = (value: string, text: string): PlainTextOption => ({ value, text: plainText(text, 75) });
const mentions = option('mentions', 'Only when somebody mentions me');
const everything = option('all', 'Every new message here is an idea');
const noModel = option('off', 'No model: send nothing of this project to one');

function whatItMeans({ models, botName }: BindFacts): KnownBlock[] {
  const sent =
    models.length === 0
      ? 'to nobody. No model is set up.'
      : `to ${models.join(' and ')}, with secrets taken out. Choose “No model” to send nothing.`;
  return linesBlocks([
    line(words('What it means when I work here:')),
    bullet(
      bold('Read: '),
      words('messages that mention me and every reply below them, or all of the channel if you say so.'),
    ),
    bullet(
      bold('Kept: '),
      words(
        `these words and who said them, by the workbench, until whoever began it or an approver says @${botName} forget in the thread.`,
      ),
    ),
    bullet(bold('Sent: '), words(sent)),
  ]);
}

function projectInput({ projects, bound, path }: BindFacts): KnownBlock {
  const known = projects.slice(0, OPTIONS - 1).map(({ id, name }) => option(id, name));
  const another = option(ANOTHER, 'Another repository, by its path');
  const likely = path === '' ? (known.find(({ value }) => value === bound?.projectId) ?? onlyOf(known)) : another;
  const initial = known.length === 0 ? another : likely;
  return {
    type: 'input',
    block_id: blocks.project,
    label: plainText('Project', slackLimits.inputLabel),
    element: {
      type: 'static_select',
      action_id: blocks.project,
      options: [...known, another],
      ...(initial === undefined ? {} : { initial_option: initial }),
    },
  };
}

function onlyOf(known: readonly PlainTextOption[]): PlainTextOption | undefined {
  return known.length === 1 ? known[0] : undefined;
}

const OptionState = z.looseObject({ selected_option: z.looseObject({ value: z.string() }) });
const Submission = z.looseObject({
  user: z.looseObject({ id: z.string() }),
  view: z.looseObject({
    id: z.string(),
    private_metadata: z.string(),
    state: z.looseObject({
      values: z.looseObject({
        [blocks.project]: z.looseObject({ [blocks.project]: OptionState }),
        [blocks.path]: z.looseObject({ [blocks.path]: z.looseObject({ value: z.string().nullish() }) }),
        [blocks.listen]: z.looseObject({ [blocks.listen]: OptionState }),
        [blocks.model]: z.looseObject({ [blocks.model]: z.looseObject({ selected_options: z.array(z.unknown()) }) }),
      }),
    }),
  }),
});

/** null: not one of ours. */
export function readBindModal(
  body: unknown,
): { user: string; viewId: string; binding: Binding; chosen: Chosen } | null {
  const read = Submission.safeParse(body).data;
  if (read === undefined) return null;
  const { view, user } = read;
  const binding = readBinding(view.private_metadata);
  if (binding === null) return null;
  const { project, path, listen, model } = view.state.values;
  const { value: projectId } = project.project.selected_option;
  return {
    user: user.id,
    viewId: view.id,
    binding,
    chosen: {
      projectId: projectId === ANOTHER ? null : projectId,
      path: path.path.value?.trim() ?? '',
      listen: listen.listen.selected_option.value === everything.value ? 'all' : 'mentions',
      isModelOff: model.model.selected_options.length > 0,
    },
  };
}

function readBinding(text: string): Binding | null {
  try {
    return keptSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
