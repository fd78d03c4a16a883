import { expect, test, vi } from 'vitest';
import { loadSqlite } from '../../../src/daemon/history/load-sqlite.ts';

test('loading SQLite says nothing, hides no other warning, and leaves the process as it was', async () => {
  const before = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  const emitted: unknown[] = [];
  const stub = vi.spyOn(process, 'emitWarning').mockImplementation((warning: unknown) => void emitted.push(warning));
  const during = Object.getOwnPropertyDescriptor(process, 'emitWarning');
  const loading = loadSqlite();
  process.emitWarning('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning');
  process.emitWarning('Something else is deprecated', 'DeprecationWarning');
  expect(typeof (await loading).DatabaseSync).toBe('function');
  expect(emitted).toEqual(['Something else is deprecated']);
  expect(Object.getOwnPropertyDescriptor(process, 'emitWarning')).toEqual(during);
  stub.mockRestore();
  expect(Object.getOwnPropertyDescriptor(process, 'emitWarning')).toEqual(before);
});
