import { branchHead } from '../git/refs.ts';
import type { Hub } from '../hub/hub.ts';
import { pullOf } from '../hub/hub.ts';
import type { Annotation, App, CheckRun, Conclusion, Repository } from '../hub/types.ts';
import { createCheckRun, updateCheckRun } from '../rules/checks.ts';

export interface CheckReport {
  /** Default: `test`. */
  name?: string;
  conclusion: Conclusion;
  title?: string;
  summary?: string;
  annotations?: readonly Annotation[];
}

/** What runs for each commit on GitHub: an app that makes check runs. */
export interface CI {
  /** Starts a check on a commit, a branch's head or a pull request's; it runs until it is finished. */
  start(at: string | number, name?: string): Promise<CheckRun>;
  finish(run: CheckRun, report: Omit<CheckReport, 'name'>): void;
  /** Both at once. */
  report(at: string | number, report: CheckReport): Promise<CheckRun>;
  /** From now on, for every push to a branch: what it answers is reported; null: nothing runs. */
  onPush(answer: (branch: string, sha: string) => CheckReport | null): void;
  /** Resolves when all that runs after pushes has been reported. */
  settled(): Promise<void>;
}

export function createCI(hub: Hub, app: App, repository: Repository): CI {
  const underWay = new Set<Promise<unknown>>();
  const shaOf = async (at: string | number): Promise<string> => {
    if (typeof at === 'number') return pullOf(repository, at).pull.headSha;
    return (await branchHead(repository.folder, at)) ?? at;
  };
  const ci: CI = {
    start: async (at, name = 'test') =>
      createCheckRun(hub, repository, app, { name, headSha: await shaOf(at), status: 'in_progress' }),
    finish: (run, { conclusion, title, summary, annotations = [] }) =>
      updateCheckRun(hub, repository, run, {
        status: 'completed',
        conclusion,
        title: title ?? null,
        summary: summary ?? null,
        annotations,
      }),
    async report(at, { name, ...report }) {
      const run = await ci.start(at, name);
      ci.finish(run, report);
      return run;
    },
    onPush(answer) {
      hub.onBranchChange.push((changed, branch, sha) => {
        const report = changed !== repository || sha === null ? null : answer(branch, sha);
        if (report === null || sha === null) return;
        const reported = ci.report(sha, report).finally(() => underWay.delete(reported));
        underWay.add(reported);
      });
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
  return ci;
}
