/** Every setting: its default and what it means. The README's table and `.env.example` are checked against this. */
export const settings = {
  PORT: { default: '4747', meaning: 'Port of the room. Unset and busy: the next free one. Set and busy: an error.' },
  WORKBENCH_DATA: { default: '.workbench/', meaning: 'Where the embedded database, mirrors and sandboxes live.' },
  DATABASE_URL: { default: '', meaning: 'Another PostgreSQL (15 or later) in place of the embedded one.' },
  REDIS_URL: { default: '', meaning: 'Redis 7 (noeviction) for the queue, in place of PostgreSQL.' },
  APPROVERS: {
    default: 'local',
    meaning:
      'Who may approve a merge, separated by commas: `local`, people of Slack (`slack:U0123ABCD`), its user groups (`slack:S0123ABCD`) or accounts on GitHub (`github:LOGIN`). Empty: nobody.',
  },
  SANDBOX: { default: 'bubblewrap', meaning: 'Where code runs: bubblewrap, or none (code runs with your rights).' },
  APPROVAL_EXPIRY_HOURS: { default: '72', meaning: 'How long an approval may wait for its merge.' },
  OPENAI_MODEL: {
    default: '',
    meaning:
      'Name of the model that the personas think with. Empty: none, and nothing is sent anywhere. For one persona: `OPENAI_MODEL_OLLAN`, and likewise its address and key.',
  },
  OPENAI_BASE_URL: {
    default: 'https://api.openai.com/v1',
    meaning: 'Where it is: any endpoint that speaks chat completions (OpenAI, Ollama, vLLM, a gateway).',
  },
  OPENAI_API_KEY: { default: '', meaning: 'Its key. Servers of your own often need none.' },
  MODEL_PRICES: {
    default: '',
    meaning: 'US dollars per million tokens, in and out: `big=1.25/10, small=0.25/2`. Needed for budgets in dollars.',
  },
  MODEL_WINDOW_TOKENS: { default: '128000', meaning: 'Tokens that the model can hold, request and answer together.' },
  MODEL_TIMEOUT_SECONDS: { default: '120', meaning: 'How long a model may be silent before a call is given up.' },
  BUDGET_STEP: {
    default: 'tokens=400000 minutes=20 tools=120',
    meaning: 'What one step may use (`tokens`, `usd`, `minutes`, `tools`). At the cap it waits and asks.',
  },
  BUDGET_TASK: { default: 'tokens=1500000 minutes=60', meaning: 'What one task may use.' },
  BUDGET_DAY: { default: 'tokens=10000000', meaning: 'What all tasks together may use in a day (UTC).' },
  SLACK_BOT_TOKEN: { default: '', meaning: 'Bot token of the Slack app (`xoxb-…`). Empty: no Slack.' },
  SLACK_APP_TOKEN: {
    default: '',
    meaning: 'App-level token (`xapp-…`) for Socket Mode, which needs no public address.',
  },
  SLACK_SIGNING_SECRET: {
    default: '',
    meaning: 'Without an app-level token: what Slack signs its HTTP requests with.',
  },
  SLACK_TOKEN_TESS: { default: '', meaning: "Bot token of Tess's own app. Empty: she speaks through the one app." },
  SLACK_TOKEN_PIPER: { default: '', meaning: 'The same for Piper.' },
  SLACK_TOKEN_MASON: { default: '', meaning: 'The same for Mason.' },
  SLACK_TOKEN_OLLAN: { default: '', meaning: 'The same for Ollan.' },
  SLACK_TOKEN_VERA: { default: '', meaning: 'The same for Vera.' },
  SLACK_TOKEN_MOLTBOT: { default: '', meaning: 'The same for Moltbot.' },
  SLACK_AVATARS_URL: {
    default: '',
    meaning: 'Where `bots/slack/assets/` is served, so that Slack can show the avatars. Empty: emoji.',
  },
  SLACK_PORT: {
    default: '4748',
    meaning:
      'Without an app-level token: port on this machine where the signed requests come in, from a proxy of yours.',
  },
  SLACK_COMMAND_PREFIX: {
    default: '',
    meaning: 'Put before the slash commands when another app owns their names: `fw-` makes `/fw-sprint`.',
  },
  SLACK_API_URL: { default: 'https://slack.com/api/', meaning: 'Where the Web API of Slack is.' },
  GITHUB_TOKEN: {
    default: '',
    meaning:
      'Token for repositories on GitHub: fine-grained, for these repositories alone, with contents, issues and pull requests to read and write, checks and commit statuses to read. Empty: folders of this machine only.',
  },
  GITHUB_APP_ID: {
    default: '',
    meaning: 'In place of the token: the number (or client id) of a GitHub App of your own.',
  },
  GITHUB_APP_PRIVATE_KEY: { default: '', meaning: 'Its private key in PEM, on one line with `\\n`.' },
  GITHUB_APP_PRIVATE_KEY_FILE: { default: '', meaning: 'Or the file that GitHub gave you with that key.' },
  GITHUB_API_URL: { default: 'https://api.github.com/', meaning: 'Where the REST API of GitHub is.' },
  GITHUB_URL: { default: 'https://github.com/', meaning: 'Where its pages and repositories are.' },
  GITHUB_LABEL: { default: 'factory', meaning: 'Issues that carry this label are taken in as conversations.' },
  GITHUB_WEBHOOK_SECRET: {
    default: '',
    meaning: 'What GitHub signs its webhooks with. Empty: it is asked every few minutes instead.',
  },
  GITHUB_WEBHOOK_PORT: {
    default: '4749',
    meaning: 'Port on this machine where webhooks come in, from a proxy of yours, at `/github/webhooks`.',
  },
  GITHUB_CLIENT_ID: {
    default: '',
    meaning:
      'Client id of a GitHub App with *Device Flow* on, so that approvers can link their account. Empty: nobody can.',
  },
  ACCOUNTS_KEY: {
    default: '',
    meaning:
      'What seals the tokens of linked accounts: 32 bytes in base64. Empty: a file in `WORKBENCH_DATA` holds it. Needed with `DATABASE_URL`.',
  },
  SIGNALS_SECRET: {
    default: '',
    meaning: 'What signals of your services are signed with, at least 16 characters. Empty: none are taken.',
  },
  SIGNALS_PORT: {
    default: '4750',
    meaning: 'Port on this machine where signals come in, from a proxy of yours, at `/signals`.',
  },
  OSV_URL: {
    default: '',
    meaning:
      'Who is asked about new dependencies: `https://api.osv.dev/`, or a server that speaks as it does. Their names and versions go there. Empty: nobody, and the review card says so.',
  },
  WORKING_HOURS: {
    default: '9-17',
    meaning:
      'When people in Slack are reminded of what waits for them, Monday to Friday: `9-17`, `8:30-16:45`, or none.',
  },
  FACTORY_PROJECT: {
    default: '',
    meaning:
      "Short name of the project that works on the workbench's own repository: faults of the workbench become incidents there. Empty: they stay on the task that they stopped.",
  },
  RETRO_CRON: {
    default: '0 9 * * 1',
    meaning:
      "When Moltbot looks back on every project's week: minute, hour, day of the month, month and weekday; or none. `retro` answers at any time.",
  },
  TIME_ZONE: {
    default: '',
    meaning: "Where these hours and this time are, such as `Europe/Berlin`. Empty: the machine's own.",
  },
  LOG_LEVEL: {
    default: 'warn',
    meaning: 'How much the log on standard error says: debug, info, warn, error or silent.',
  },
} as const;
