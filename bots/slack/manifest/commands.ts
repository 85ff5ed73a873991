/** Slash commands by what they are for. Slack allows none of them inside threads; there `@Tess …` does the same. */
const described = {
  workbench: {
    description: 'Ask the factory: status, backlog, run, canvas, bind and all the rest.',
    usage_hint:
      'help | bind | unbind | listen all | idea … | canvas | status | backlog | retro | lessons | run | cost | model off',
  },
  sprint: {
    description: 'The sprint of this channel’s project: where it stands, what could go in, its goal, its end.',
    usage_hint: 'status | plan | start … | close',
  },
  idea: { description: 'Start a conversation about an idea.', usage_hint: 'what should exist, and for whom' },
  backlog: { description: 'What waits to be built in this channel’s project.', usage_hint: '' },
  retro: { description: 'The last seven days of this channel’s project: shipped, hurt, to try.', usage_hint: '' },
  halt: {
    description: 'Stop all work of the factory at once. An approver lets it go on: /workbench resume all.',
    usage_hint: 'because …',
  },
} as const;

export type CommandName = keyof typeof described;
export const commandNames = Object.keys(described) as CommandName[];

/** `/sprint`, or `/fw-sprint` where another app owns the plain name. */
export function slashCommand(name: CommandName, prefix: string): string {
  return `/${prefix}${name}`;
}

/** As the manifest lists them. Escaped, so that people and channels arrive as ids that cannot be misread. */
export function listedCommands(prefix: string, url: string | null) {
  return commandNames.map((name) => {
    const { description, usage_hint: hint } = described[name];
    return {
      command: slashCommand(name, prefix),
      description,
      should_escape: true,
      ...(hint === '' ? {} : { usage_hint: hint }),
      ...(url === null ? {} : { url }),
    };
  });
}

/** On a message: takes in the thread that it stands in. */
export const ingestShortcut = {
  type: 'message',
  name: 'Ingest this thread',
  callback_id: 'ingest-thread',
  description: 'Take in this thread as a conversation of the factory.',
} as const;
