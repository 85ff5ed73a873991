/** A form that says "a secret follows". Groups: what stays before it, the value, what stays after it. */
export interface GeneralForm {
  name: string;
  form: RegExp;
  isSecret: (value: string) => boolean;
}

const PLACEHOLDER =
  /^(?:your|my|some|the|a|an|new|old|test|dummy|fake|example|sample|change|replace|insert|enter|put|todo|tbd|none|null|undefined|placeholder|secret|password|passwd|token|foo|bar|redacted|hidden)(?![a-z])|x{4,}|\*{3,}|\.{3}|…|change-?_?me|example|placeholder|redacted|process\.env|import\.meta|environ|getenv|secrets\.|^[<${([%@]/i;

/** What documentation writes where a secret would stand, or code that reads one from elsewhere. */
function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || /^(.)\1+$/.test(value);
}

/** Letters with digits, or two cases of letters: what people type as a name or a word seldom has it. */
function isMixed(value: string): boolean {
  const classes = [/[a-z]/, /[A-Z]/, /\d/].filter((one) => one.test(value)).length;
  return classes >= 2;
}

function hasDigitOrSign(value: string): boolean {
  return /[a-z]/i.test(value) && /[\d!#$%^&*+=~?]/.test(value);
}

const MIN_NAMED_CHARACTERS = 12;
const MIN_PASSWORD_CHARACTERS = 6;

const isNamedSecret = (value: string) =>
  value.length >= MIN_NAMED_CHARACTERS && isMixed(value) && hasDigitOrSign(value) && !isPlaceholder(value);
const isPassword = (value: string) =>
  value.length >= MIN_PASSWORD_CHARACTERS && hasDigitOrSign(value) && !isPlaceholder(value);

/** Every repetition is bounded or cannot begin twice in the same run, so that no text makes a search slow. */
export const generalForms: readonly GeneralForm[] = [
  // RFC 7519: header and payload are JSON objects, so both begin with `{"` in base64url.
  {
    name: 'JSON web token',
    form: /(?<![\w-])()(eyJ[\w-]{10,4096}\.eyJ[\w-]{10,8192}\.[\w-]{10,1024})/g,
    isSecret: () => true,
  },
  // RFC 9110, 11.4 and RFC 6750.
  {
    name: 'authorization',
    form: /(\bauthorization["']?\s{0,4}[:=]\s{0,4}["'`]?(?:bearer|basic|token)\s{1,4})([\w.~+/=-]{8,4096})/gi,
    isSecret: (value) => !isPlaceholder(value) && (hasDigitOrSign(value) || (value.length >= 16 && isMixed(value))),
  },
  // RFC 3986, 3.2.1.
  {
    name: 'login',
    form: /(\b[a-z][a-z0-9+.-]{1,20}:\/\/)([^\s/:@"'`<>[\]]{0,100}:[^\s/@"'`<>[\]]{3,200})(@)/gi,
    isSecret: (value) => !isPlaceholder(value.slice(value.indexOf(':') + 1)),
  },
  {
    name: 'secret in a link',
    form: /([?&](?:access_token|refresh_token|id_token|api_?key|token|secret|client_secret|password|signature|sig)=)([\w.~+/%=-]{12,2048})/gi,
    isSecret: isNamedSecret,
  },
  {
    name: 'password',
    form: /(\b\w{0,40}(?:password|passwd|passphrase)["']?\s{0,4}[:=]\s{0,4}["'`])([^\s"'`]{6,200})(["'`])/gi,
    isSecret: isPassword,
  },
  {
    name: 'secret',
    form: /(\b\w{0,40}(?:secret|token|api_?key|access_?key|private_?key|signing_?key|encryption_?key)["']?\s{0,4}[:=]\s{0,4}["'`])([^\s"'`]{12,2048})(["'`])/gi,
    isSecret: isNamedSecret,
  },
  // A line of an environment file, or an `export` in a shell.
  {
    name: 'secret',
    form: /((?<![\w-])[A-Z][A-Z0-9_]{0,60}_(?:SECRET|TOKEN|KEY|PASSWORD|PASSWD|PASS|PWD)=["']?)([^\s"'`;,[\]]{12,4096})/g,
    isSecret: isNamedSecret,
  },
];
