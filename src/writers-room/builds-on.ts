import type { ChangeSetEdit } from './change-set.ts';
import { findReferences, languageOf } from './code-references.ts';

/** The files that earlier stories bring, found by how later code names them. */
export class KnownPaths {
  /** By the path without its ending, by every tail of it, and Go files by their folder: `folder:roman`. */
  #named = new Map<string, Set<string>>();

  add(path: string): void {
    const plain = withoutEnding(path);
    this.#put(plain, path);
    for (let at = plain.indexOf('/'); at >= 0; at = plain.indexOf('/', at + 1)) this.#put(plain.slice(at + 1), path);
    if (languageOf(path) === 'go') this.#put(`folder:${folderOf(path).split('/').at(-1) ?? ''}`, path);
  }

  #put(name: string, path: string): void {
    const holders = this.#named.get(name);
    if (holders === undefined) this.#named.set(name, new Set([path]));
    else holders.add(path);
  }

  /** Known paths that the code of this edit brings in, judged by the references in its text; never its own path. */
  broughtInBy(edit: ChangeSetEdit): string[] {
    const found = new Set<string>();
    const language = languageOf(edit.path);
    const take = (name: string, fits: (path: string) => boolean) => {
      for (const path of this.#named.get(name) ?? []) if (path !== edit.path && fits(path)) found.add(path);
    };
    const sameKind = (path: string) => [language, null].includes(languageOf(path)) || language === null;
    for (const { kind, name } of findReferences(edit)) {
      if (kind === 'package')
        take(`folder:${name.split('/').at(-1) ?? ''}`, (path) => isPackage(name, path, edit.path));
      else if (kind === 'ending') for (const form of formsOf(name)) take(form, sameKind);
      else for (const form of formsOf(name)) take(form, (path) => sameKind(path) && withoutEnding(path) === form);
    }
    // Files of one Go package see one another without a word; a test is there for the others.
    if (language === 'go' && edit.isTest) {
      const folder = folderOf(edit.path);
      take(`folder:${folder.split('/').at(-1) ?? ''}`, (path) => folderOf(path) === folder);
    }
    return [...found];
  }
}

/** A folder stands for its entry file. */
function formsOf(name: string): string[] {
  const plain = withoutEnding(name);
  const folder = [`${plain}/index`, `${plain}/__init__`, `${plain}/mod`];
  return name === '' ? ['index', '__init__', 'mod'] : [plain, ...folder];
}

/** Whether a Go import path names the folder of this file. Modules have a dot in their first name, Go's own packages none. */
function isPackage(name: string, path: string, from: string): boolean {
  const folder = folderOf(path);
  if (folder === '' || folder === folderOf(from) || path.endsWith('_test.go')) return false;
  return name === folder || name.endsWith(`/${folder}`) || /^[^/]*\./.test(name);
}

function withoutEnding(path: string): string {
  return path.replace(/(?<=[^/])(?:\.d)?\.[A-Za-z][A-Za-z0-9]*$/, '');
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}
