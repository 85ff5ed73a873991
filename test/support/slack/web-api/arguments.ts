import { isObject } from '../workspace/json.ts';
import type { Json } from '../workspace/json.ts';
import { invalidArguments, Refusal } from './refusal.ts';

/** A call's arguments, read with Slack's tolerance: a form carries numbers, booleans and JSON as text. */
export interface Arguments {
  all: Json;
  has(name: string): boolean;
  /** Refuses the call when it is missing or empty. */
  text(name: string, missingError?: string): string;
  optionalText(name: string): string | null;
  flag(name: string, otherwise: boolean): boolean;
  whole(name: string, otherwise: number, max: number): number;
  /** A list, sent as JSON or as the text of JSON. */
  list(name: string, badError: string): unknown[] | null;
  object(name: string, badError: string): Json | null;
}

export function readArguments(all: Json): Arguments {
  const has = (name: string): boolean => all[name] !== undefined && all[name] !== null && all[name] !== '';
  const optionalText = (name: string): string | null => {
    if (!has(name)) return null;
    const value = all[name];
    if (typeof value === 'number') return String(value);
    if (typeof value !== 'string') throw invalidArguments(`must be a string [json-pointer:/${name}]`);
    return value;
  };
  const json = (name: string, badError: string): unknown => {
    const value = all[name];
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      throw new Refusal(badError);
    }
  };
  return {
    all,
    has,
    optionalText,
    text(name, missingError) {
      const value = optionalText(name);
      if (value !== null) return value;
      throw missingError === undefined
        ? invalidArguments(`missing required field: ${name}`)
        : new Refusal(missingError);
    },
    flag(name, otherwise) {
      if (!has(name)) return otherwise;
      return all[name] === true || all[name] === 'true' || all[name] === '1' || all[name] === 1;
    },
    whole(name, otherwise, max) {
      if (!has(name)) return otherwise;
      const value = Number(all[name]);
      if (!Number.isInteger(value) || value < 1)
        throw invalidArguments(`must be a whole number [json-pointer:/${name}]`);
      return Math.min(value, max);
    },
    list(name, badError) {
      if (!has(name)) return null;
      const value = json(name, badError);
      if (!Array.isArray(value)) throw new Refusal(badError);
      return value;
    },
    object(name, badError) {
      if (!has(name)) return null;
      const value = json(name, badError);
      if (!isObject(value)) throw new Refusal(badError);
      return value;
    },
  };
}
