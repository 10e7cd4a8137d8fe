// Without the native runtime programs still run, and people hear once why they are slower.
import { expect, test, vi } from 'vitest';
import { RunError } from '../errors.js';
import { loadNative } from '../runtime/load-native-node.js';
import type { Runtime } from '../runtime/runtime.js';
import { nativeOrWeb } from './native-or-web-node.js';

const failing = (code: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { code }));

test.each([
  ['ERR_MODULE_NOT_FOUND', /not installed.*slower; npm install --ignore-scripts onnxruntime-node adds it/],
  ['MODULE_NOT_FOUND', /does not load on this machine \(\w+\/\w+: gone\)/],
  ['ERR_DLOPEN_FAILED', /does not load on this machine \(\w+\/\w+: gone\)/],
])('%s is told with what to do', async (code, message) => {
  const attempt = loadNative(failing(code, 'gone\nRequire stack'));
  await expect(attempt).rejects.toThrow(RunError);
  await expect(attempt).rejects.toThrow(message);
});

test('any other failure stays what it is', async () => {
  await expect(loadNative(failing('EIO', 'broken'))).rejects.toMatchObject({ code: 'EIO', message: 'broken' });
  await expect(nativeOrWeb(failing('EIO', 'broken'))).rejects.toThrow('broken');
});

test('WebAssembly takes its place, told once', async () => {
  const native = { name: 'native' } as Runtime;
  const tell = vi.fn();
  expect(await nativeOrWeb(async () => native, tell)).toBe(native);
  const missing = () => Promise.reject(new RunError('none here'));
  for (let i = 0; i < 2; i++) expect((await nativeOrWeb(missing, tell)).name).toBe('onnxruntime-web');
  expect(tell.mock.calls).toEqual([['note: none here']]);
});
