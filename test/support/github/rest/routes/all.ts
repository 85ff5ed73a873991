import type { Routes } from '../route.ts';
import { ACCOUNTS } from './accounts.ts';
import { BRANCHES } from './branches.ts';
import { CHECKS } from './checks.ts';
import { COMMITS_MADE } from './commits-made.ts';
import { CONTENTS } from './contents.ts';
import { ISSUES } from './issues.ts';
import { PULLS } from './pulls.ts';
import { REACTIONS } from './reactions.ts';
import { REFS } from './refs.ts';
import { REPOSITORIES } from './repositories.ts';

/** All that the stand-in answers; the limits and GraphQL go their own ways. */
export const ROUTES: Routes = {
  ...ACCOUNTS,
  ...BRANCHES,
  ...CHECKS,
  ...COMMITS_MADE,
  ...CONTENTS,
  ...ISSUES,
  ...PULLS,
  ...REACTIONS,
  ...REFS,
  ...REPOSITORIES,
};
