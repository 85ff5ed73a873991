import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestStore, project, type TestStore } from './support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await store.unitOfWork.transact(async (transaction) => {
    for (const id of ['b', 'c', 'a']) transaction.append(`project:${id}`, 0, [project(id)]);
  });
});
afterAll(() => store.close());

const ids = async (orderBy?: '-id' | 'name' | '-name') =>
  (await store.unitOfWork.tables.find('projects', {}, orderBy === undefined ? {} : { orderBy })).map(({ id }) => id);

it('rows come in the order that was asked for, by id where none was', async () => {
  expect(await ids()).toEqual(['a', 'b', 'c']);
  expect(await ids('-id')).toEqual(['c', 'b', 'a']);
  expect(await ids('name')).toEqual(['a', 'b', 'c']);
  expect(await ids('-name')).toEqual(['c', 'b', 'a']);
});
