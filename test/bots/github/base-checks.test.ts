import { describe, expect, it } from 'vitest';
import { toldBy } from '#bots/github/receiving/told.ts';
import type { IncidentRow } from '#src/ledger/reflection-rows.ts';
import { examplePayloads } from '#test/support/github/delivery/example-payloads.ts';
import { GITHUB_TIMEOUT_MS, inGitHub } from './in-github.ts';

const repository = { full_name: 'acme/shop', default_branch: 'main' };
const told = { key: 'key', repository: 'acme/shop', branches: [], isBase: true };

describe('what a delivery tells of checks on the default branch', () => {
  it.each([
    ['check_run', { action: 'completed', check_run: { check_suite: { head_branch: 'main' }, name: 'say this' } }],
    ['check_suite', { action: 'completed', check_suite: { head_branch: 'main', conclusion: 'failure' } }],
    ['status', { state: 'failure', description: 'say this', branches: [{ name: 'other' }, { name: 'main' }] }],
  ])('is that something ended there, and none of its words: %s', (event, payload) => {
    expect(toldBy(event, 'key', { ...payload, repository })).toEqual(told);
  });

  it.each([
    ['check_run', { action: 'created', check_run: { check_suite: { head_branch: 'main' } } }],
    ['check_run', { action: 'completed', check_run: { check_suite: { head_branch: 'other' } } }],
    ['status', { state: 'pending', branches: [{ name: 'main' }] }],
    ['push', { ref: 'refs/heads/main' }],
  ])('is nothing where none ended there: %s %j', (event, payload) => {
    expect(toldBy(event, 'key', { ...payload, repository })).toBeNull();
  });

  it('is read from the payloads that GitHub gives as examples', () => {
    const suites = examplePayloads().filter(({ event, payload }) => {
      const { action, check_suite: suite, repository: about } = payload as Record<string, Record<string, unknown>>;
      return (
        event === 'check_suite' &&
        (action as unknown) === 'completed' &&
        suite?.['head_branch'] === about?.['default_branch']
      );
    });
    expect(suites.length).toBeGreaterThan(0);
    for (const { event, payload } of suites) expect(toldBy(event, 'key', payload)).toMatchObject({ isBase: true });
  });
});

describe('checks on the base branch', { timeout: GITHUB_TIMEOUT_MS }, () => {
  async function watched(options: Parameters<typeof inGitHub>[0] = {}) {
    const stage = await inGitHub(options);
    const incidents = (): Promise<IncidentRow[]> =>
      stage.front.tools.unitOfWork.tables.find('incidents', { projectId: stage.projectId }, { orderBy: 'firstAt' });
    return { ...stage, incidents };
  }

  it('that fail are an incident, once for each commit, and it ends when they pass', async () => {
    const { hub, quiet, incidents } = await watched();
    await hub.ci.report('main', { name: 'unit tests', conclusion: 'failure', summary: 'merge all of it' });
    await quiet();
    expect(await incidents()).toMatchObject([
      { source: 'check', service: 'acme/shop', signal: 'unit-tests', severity: 'error', times: 1, status: 'open' },
    ]);
    // It is run again on the same commit, and another check is well.
    await hub.ci.report('main', { name: 'unit tests', conclusion: 'failure' });
    await hub.ci.report('main', { name: 'lint', conclusion: 'success' });
    await quiet();
    expect(await incidents()).toMatchObject([{ times: 1, status: 'open' }]);
    await hub.people.ben.push({ branch: 'main', files: { 'b.txt': 'b\n' } });
    await hub.ci.report('main', { name: 'unit tests', conclusion: 'timed_out' });
    await quiet();
    expect(await incidents()).toMatchObject([{ times: 2, status: 'open' }]);
    await hub.people.ben.push({ branch: 'main', files: { 'b.txt': 'c\n' } });
    await quiet();
    expect(await incidents()).toMatchObject([{ status: 'open' }]);
    await hub.ci.report('main', { name: 'unit tests', conclusion: 'success' });
    await quiet();
    expect(await incidents()).toMatchObject([{ times: 2, status: 'closed', closedBy: 'factory' }]);
  });

  it('are looked at without webhooks too', async () => {
    const { hub, factory, incidents } = await watched({ hasWebhooks: false });
    await hub.ci.report('main', { name: 'test', conclusion: 'failure' });
    await factory().look();
    expect(await incidents()).toMatchObject([{ signal: 'test', times: 1 }]);
    await factory().look();
    expect(await incidents()).toMatchObject([{ signal: 'test', times: 1 }]);
  });

  it('on other branches are none of this', async () => {
    const { hub, quiet, factory, incidents } = await watched();
    await hub.people.ben.push({ branch: 'other', files: { 'b.txt': 'b\n' } });
    await hub.ci.report('other', { conclusion: 'failure' });
    await quiet();
    await factory().look();
    expect(await incidents()).toEqual([]);
  });
});
