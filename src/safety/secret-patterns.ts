/**
 * Credentials whose form is unmistakable. High precision before reach: a finding stops the work, so a pattern is here
 * only when its issuer documents the form, and the whole token must match. Nothing here judges randomness.
 */
export const secretForms: readonly { name: string; form: RegExp }[] = [
  // AWS IAM user guide, "Understanding unique ID prefixes"; the tail is base32.
  { name: 'AWS access key id', form: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  // AWS CLI user guide, "Configuration and credential file settings": 40 characters after this name.
  {
    name: 'AWS secret access key',
    form: /aws_secret_access_key["']?\s*[=:]\s*["']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/gi,
  },
  // GitHub docs, "About authentication to GitHub", token prefixes.
  { name: 'GitHub token', form: /\bgh[pousr]_[A-Za-z0-9]{36,251}\b/g },
  { name: 'GitHub token', form: /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/g },
  // Slack docs, "Token types" and "Sending messages using incoming webhooks".
  { name: 'Slack token', form: /\bxox[abeoprs]-(?:\d+-)?[A-Za-z0-9-]{20,}/g },
  { name: 'Slack app token', form: /\bxapp-\d-[A-Z0-9]+-\d+-[a-f0-9]{32,}\b/g },
  {
    name: 'Slack webhook',
    form: /https:\/\/hooks\.slack\.com\/services\/T[A-Z0-9]{6,}\/B[A-Z0-9]{6,}\/[A-Za-z0-9]{20,}/g,
  },
  // OpenAI API keys: project, service and admin keys carry a prefix; the older ones hold the base64 of "OpenAI".
  {
    name: 'OpenAI key',
    form: /\bsk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,200}|[A-Za-z0-9]{20})T3BlbkFJ[A-Za-z0-9_-]{20,}/g,
  },
  { name: 'Anthropic key', form: /\bsk-ant-[a-z]+\d{2}-[A-Za-z0-9_-]{80,}/g },
  // Google Cloud docs, "API keys": 39 characters; OAuth client secrets since 2021.
  { name: 'Google API key', form: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g },
  { name: 'Google client secret', form: /\bGOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/g },
  // Stripe docs, "API keys": live mode only.
  { name: 'Stripe live key', form: /\b[rs]k_live_[A-Za-z0-9]{24,}\b/g },
  // npm docs, "About access tokens".
  { name: 'npm token', form: /\bnpm_[A-Za-z0-9]{36}\b/g },
  // RFC 7468 and OpenSSH's PROTOCOL.key. The body must follow: a text about keys is not a key. `\n` may be spelled out, as in JSON.
  {
    name: 'private key',
    form: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){0,300}?[A-Za-z0-9+/]{40}/g,
  },
];

export interface FoundSecret {
  name: string;
  /** Counted from 1. */
  line: number;
  /** The matched text, to compare with an older version of the file. Never shown, logged or stored. */
  match: string;
}

/** Works on bytes read as Latin-1; NULs are dropped, so that UTF-16 text is read too. */
export function findSecrets(content: string): FoundSecret[] {
  const text = content.includes('\0') ? content.replaceAll('\0', '') : content;
  const found: FoundSecret[] = [];
  for (const { name, form } of secretForms) {
    let line = 1;
    let counted = 0;
    for (const { 0: match, index } of text.matchAll(form)) {
      // The key id that AWS prints in its own documentation.
      if (match.endsWith('EXAMPLE')) continue;
      line += text.slice(counted, index).split('\n').length - 1;
      counted = index;
      found.push({ name, line, match });
    }
  }
  return found;
}
