import { ModelFailure } from '#src/ports/model-failure.ts';
import { CallFault, FEW_TRIES, MAX_TRIES } from './call-fault.ts';
import type { Endpoint } from './call-fault.ts';

/** Codes of OpenSSL, as Node gives them. */
const TLS =
  /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;
const WRONG_TIME = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
const ABSENT = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES']);
const NO_NAME = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']);
const CONNECTING = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT']);
const SILENT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const SAME_URL = 'Correct OPENAI_BASE_URL, or start the server.';

/** What it means that the line broke or was never there. `timeoutSeconds` is said when the server kept silent. */
export function judgeConnection(error: unknown, endpoint: Endpoint, timeoutSeconds: number): CallFault {
  const { model, host } = endpoint;
  const code = codeOf(error);
  const fault = (why: string, fix: string, maySpend: boolean, tries: number) =>
    new CallFault(
      new ModelFailure('model-unreachable', `${model} at ${host} cannot be asked: ${why}.`, {
        fix,
        maySpend,
        retryable: true,
      }),
      { tries },
    );
  if (ABSENT.has(code)) return fault(`nothing answers there (${code})`, SAME_URL, false, 1);
  if (NO_NAME.has(code)) {
    return fault(`its host is not known (${code})`, 'Correct OPENAI_BASE_URL, or look after the network.', false, 1);
  }
  if (WRONG_TIME.has(code)) {
    const why = code === 'CERT_HAS_EXPIRED' ? 'its certificate has expired' : 'its certificate is not yet valid';
    return fault(why, 'Look whether the clock of this machine is right; else renew the certificate.', false, 1);
  }
  if (TLS.test(code)) {
    const fix = 'Trust its authority with NODE_EXTRA_CA_CERTS, or correct OPENAI_BASE_URL (http or https, host name).';
    return fault(`the encrypted connection fails (${code})`, fix, false, 1);
  }
  if (CONNECTING.has(code)) return fault(`no connection comes about (${code})`, SAME_URL, false, FEW_TRIES);
  if (SILENT.has(code)) return silence(endpoint, timeoutSeconds);
  const how = code === '' ? 'the connection broke' : `the connection broke (${code})`;
  return fault(how, `Look at the log of ${host} and of any proxy before it, or resume later.`, true, MAX_TRIES);
}

/** The server took the request and then said nothing for so long. */
export function silence({ model, host }: Endpoint, timeoutSeconds: number): CallFault {
  const failure = new ModelFailure(
    'model-unreachable',
    `${model} at ${host} was silent for ${timeoutSeconds} seconds, so the call was given up.`,
    {
      fix: 'Look whether the server is overloaded, or raise MODEL_TIMEOUT_SECONDS.',
      maySpend: true,
      retryable: true,
    },
  );
  return new CallFault(failure, { tries: FEW_TRIES });
}

/** Something came all the time, and no end of it. */
export function endless(endpoint: Endpoint, seconds: number): CallFault {
  return brokenAnswer(endpoint, `it had no end after ${Math.ceil(seconds / 60)} minutes`, { tries: 1 });
}

/** The answer came, but not whole, or it is no answer. */
export function brokenAnswer(
  { model, host }: Endpoint,
  why: string,
  options: { tries?: number; isCutShort?: boolean } = {},
): CallFault {
  const failure = new ModelFailure('model-unreachable', `${model} at ${host} gave no whole answer: ${why}.`, {
    fix: `Look at the log of ${host} and of any proxy before it, or resume later.`,
    maySpend: true,
    retryable: true,
  });
  return new CallFault(failure, { tries: options.tries ?? MAX_TRIES, isCutShort: options.isCutShort ?? false });
}

export function notJson({ model, host }: Endpoint): CallFault {
  const failure = new ModelFailure(
    'model-unreachable',
    `${host} answers with a web page where ${model} should answer with JSON.`,
    { fix: 'Correct OPENAI_BASE_URL. Is it the right URL, such as https://host/v1?', maySpend: false },
  );
  return new CallFault(failure, { tries: 1 });
}

/** Node puts the reason under `cause`, more than once; with several addresses, in a list. */
function codeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string' && at.code !== '') return at.code;
    if (at instanceof AggregateError) return codeOf(at.errors[0]);
  }
  return '';
}
