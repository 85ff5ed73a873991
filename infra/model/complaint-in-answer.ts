import type { Complaint } from './call-fault.ts';

type Json = { readonly [key: string]: unknown };

/**
 * The error that a body holds, whatever its shape: OpenAI's `{error: {message, code, type}}`, Ollama's
 * `{error: "…"}`, vLLM's `{object: "error", message, code}`, FastAPI's `{detail: "…"}`. null: it holds none.
 */
export function complaintIn(body: unknown): Pick<Complaint, 'status' | 'code' | 'message'> | null {
  if (!isObject(body)) return null;
  const { error } = body;
  if (typeof error === 'string') return { status: null, code: null, message: error };
  if (isObject(error)) return read(error);
  if (body['object'] === 'error' || (typeof body['message'] === 'string' && !('choices' in body))) return read(body);
  const { detail } = body;
  if (detail === undefined || 'choices' in body) return null;
  return { status: null, code: null, message: typeof detail === 'string' ? detail : JSON.stringify(detail) };
}

function read(error: Json): Pick<Complaint, 'status' | 'code' | 'message'> {
  const number = [error['code'], error['status'], error['status_code']].map(Number).find(isErrorStatus) ?? null;
  const code = [error['code'], error['type']].find((name) => typeof name === 'string' && !isErrorStatus(Number(name)));
  const { message } = error;
  const metadata = isObject(error['metadata']) ? error['metadata']['raw'] : undefined; // OpenRouter: its provider's own words
  const words = [message, metadata].filter((part): part is string => typeof part === 'string' && part !== '');
  const parameter = typeof error['param'] === 'string' ? [`(${error['param']})`] : [];
  return {
    status: number,
    code: typeof code === 'string' ? code : null,
    message: words.length === 0 ? JSON.stringify(error) : [...words, ...parameter].join(' '),
  };
}

function isErrorStatus(number: number): boolean {
  return Number.isInteger(number) && number >= 400 && number < 600;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
