import { findOperation } from '../openapi/checked-operation.ts';
import type { Operation } from '../openapi/checked-operation.ts';
import type { Description } from '../openapi/description.ts';
import { ROUTES } from './routes/all.ts';
import type { Route } from './route.ts';

export interface Found {
  operation: Operation;
  route: Route;
  parameters: Record<string, string>;
}

export interface Router {
  /** Null: the stand-in has no such call. */
  find(method: string, path: string): Found | null;
}

/** Of these GitHub takes slashes in an address as they are. */
const WITH_SLASHES = new Set(['path', 'ref', 'branch', 'basehead', 'name']);

export function createRouter(description: Description): Router {
  const candidates = Object.entries(ROUTES).map(([id, route]) => {
    const operation = findOperation(description, id);
    return { operation, route, ...compile(operation.template) };
  });
  // The most particular first: longer ones, and those with fewer places to fill.
  candidates.sort((one, other) => other.length - one.length || one.names.length - other.names.length);
  return {
    find(method, path) {
      for (const { operation, route, pattern, names } of candidates) {
        if (operation.method !== method) continue;
        const values = pattern.exec(path)?.slice(1);
        if (values === undefined) continue;
        const parameters = Object.fromEntries(
          names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]),
        );
        return { operation, route, parameters };
      }
      return null;
    },
  };
}

function compile(template: string): { pattern: RegExp; names: string[]; length: number } {
  const names: string[] = [];
  // Octokit leaves out the slash before an empty path.
  const source = template.replace(/\/\{path\}$/, '{path}').replace(/\{(\w+)\}/g, (_all, name: string) => {
    names.push(name);
    return WITH_SLASHES.has(name) ? (name === 'path' ? '(|/.*)' : '(.+?)') : '([^/]+)';
  });
  return { pattern: new RegExp(`^${source}$`), names, length: template.split('/').length };
}
