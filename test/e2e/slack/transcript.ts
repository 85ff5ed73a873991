import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { SlackMessage } from '#test/support/slack/workspace/types.ts';
import type { SlackTeam } from './slack-team.ts';

/** What people saw at several moments, to be compared with a file that was read by a person. */
export interface Transcript {
  /** What is new or has changed in the channel since the last moment, and what each person alone was told. */
  moment(title: string): void;
  /** Something that only one person sees now, such as a modal. */
  shown(to: string, text: string): void;
  /** Compares with `golden/<name>.txt`; with `GOLDEN=write` it is written instead. */
  expectGolden(name: string): void;
}

export function keepTranscript({ slack, told }: Pick<SlackTeam, 'slack' | 'told'>, folder: string): Transcript {
  const parts: string[] = [];
  const people = ['ana', 'ben', 'cleo'] as const;
  const heard = { ana: 0, ben: 0, cleo: 0 };
  const read = new Map<string, string>();
  const onlySees = (to: string, text: string): string => `(Only ${to} sees:)\n${text}`;

  const isNews = ({ ts }: { ts: string }, text: string): boolean => {
    const isKnown = read.get(ts) === text;
    read.set(ts, text);
    return !isKnown;
  };
  const newsOf = (root: SlackMessage): string[] => {
    const text = alike(slack.read(root));
    const isNew = isNews(root, text);
    const replies = slack.replies(root).flatMap((reply) => {
      const said = alike(slack.read(reply));
      return isNews(reply, said) ? [said.replace(/^/, '  ↳ ').replaceAll('\n', '\n    ')] : [];
    });
    if (!isNew && replies.length === 0) return [];
    return [[isNew ? text : `${text.split('\n', 1)[0]}  […]`, ...replies].join('\n')];
  };

  return {
    moment(title) {
      const roots = slack.messages('ideas').filter(({ threadTs, ts }) => threadTs === null || threadTs === ts);
      parts.push([`=== ${title} ===`, ...roots.flatMap(newsOf)].join('\n\n'));
      for (const person of people) {
        const all = told(person);
        const name = slack.people[person].user.displayName;
        parts.push(...all.slice(heard[person]).map((text) => onlySees(name, alike(text))));
        heard[person] = all.length;
      }
    },
    shown: (to, text) => void parts.push(onlySees(to, text)),
    expectGolden(name) {
      const file = path.join(import.meta.dirname, 'golden', `${name}.txt`);
      const seen = `${nameHashes(parts.join('\n\n').replaceAll(folder, '/the/project'))}\n`;
      if (process.env['GOLDEN'] === 'write') {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, seen);
      }
      expect(seen).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '');
    },
  };
}

/** The same in every run: times, prices and ports are not, and a card may be posted as it stands instead of being edited. */
function alike(text: string): string {
  return text
    .replaceAll(/ \(edited\)$/gm, '')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'models.example')
    .replaceAll(/\b[\d,]+ tokens\b/g, '… tokens')
    .replaceAll(/(?:under )?\b\d+\.\d\d USD\b/g, '… USD')
    .replaceAll(/\b(?:under a second|\d+ (?:s|min))(?=$| ·)/gm, '… s');
}

/** Each commit and diff keeps one name, so that it can be seen where the same one comes again. */
function nameHashes(text: string): string {
  const names = new Map<string, string>();
  return text.replaceAll(/\b(?=[0-9a-f]*[0-9])[0-9a-f]{7,40}\b|\b[a-f]{7}\b/g, (hash) => {
    const name = names.get(hash) ?? `hash-${names.size + 1}`;
    names.set(hash, name);
    return name;
  });
}
