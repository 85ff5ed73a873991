import type { Json } from './json.ts';

const DOCUMENTATION = 'https://docs.github.com/rest';

/** What GitHub answers instead of doing what it was asked. */
export class Refusal extends Error {
  readonly status: number;
  readonly extra: Json;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, extra: Json = {}, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.extra = extra;
    this.headers = headers;
  }

  body(): Json {
    return { message: this.message, ...this.extra, documentation_url: DOCUMENTATION, status: String(this.status) };
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

/** One field of a body is wrong; `message` only where GitHub sends one, under the code `custom`. */
export function invalid(resource: string, fault: { field?: string; code: string; message?: string }): Refusal {
  return new Refusal(422, 'Validation Failed', { errors: [{ resource, ...fault }] });
}

/** Reviews have their own way to be refused. */
export function unprocessable(reason: string): Refusal {
  return new Refusal(422, 'Unprocessable Entity', { errors: [reason] });
}
