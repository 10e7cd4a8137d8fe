// What a person names as an output stays what it is: pipes, devices, links, modes; a plain file is whole or untouched.
import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RunError, UsageError } from '../errors.js';
import { checkOutput, writeOutput } from './write-output.js';

const root = mkdtempSync(join(tmpdir(), 'anygoal-output-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
function newFolder(): string {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  return folder;
}
const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
const modeOf = (file: string) => statSync(file).mode & 0o7777;
const content = (file: string) => new Uint8Array(readFileSync(file));

test('a new file, in folders that are made', async () => {
  const folder = newFolder();
  expect(await writeOutput(join(folder, 'a/b/policy.onnx'), bytes)).toEqual({ toStdout: false });
  expect(content(join(folder, 'a/b/policy.onnx'))).toEqual(bytes);
});

describe.runIf(process.platform !== 'win32')('on systems with modes, links and pipes', () => {
  test.each([0o600, 0o640, 0o666, 0o755])('a plain file keeps its mode (%i)', async (mode) => {
    const folder = newFolder();
    const file = join(folder, 'policy.onnx');
    writeFileSync(file, 'before');
    chmodSync(file, mode);
    await writeOutput(file, bytes);
    expect(modeOf(file)).toBe(mode);
    expect(content(file)).toEqual(bytes);
    expect(readdirSync(folder)).toEqual(['policy.onnx']);
  });

  test('a file of several names stays one file', async () => {
    const folder = newFolder();
    const [file, other] = [join(folder, 'policy.onnx'), join(folder, 'other.onnx')];
    writeFileSync(file, 'x'.repeat(400_000));
    linkSync(file, other);
    await writeOutput(file, bytes);
    expect(content(other)).toEqual(bytes);
    expect(statSync(file).ino).toBe(statSync(other).ino);
  });

  test('links stay, and what they lead to is written, there or not', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'deep'));
    writeFileSync(join(folder, 'deep/there'), 'before');
    chmodSync(join(folder, 'deep/there'), 0o600);
    symlinkSync('there', join(folder, 'deep/link'));
    symlinkSync('deep/link', join(folder, 'twice'));
    symlinkSync('deep/absent', join(folder, 'new'));
    await writeOutput(join(folder, 'twice'), bytes);
    await writeOutput(join(folder, 'new'), bytes);
    for (const link of ['twice', 'new', 'deep/link']) expect(lstatSync(join(folder, link)).isSymbolicLink()).toBe(true);
    for (const file of ['deep/there', 'deep/absent']) expect(content(join(folder, file))).toEqual(bytes);
    expect(modeOf(join(folder, 'deep/there'))).toBe(0o600);
    expect(readdirSync(join(folder, 'deep')).sort()).toEqual(['absent', 'link', 'there']);
  });

  test('links in a circle are refused by name', async () => {
    const folder = newFolder();
    symlinkSync('b', join(folder, 'a'));
    symlinkSync('a', join(folder, 'b'));
    await expect(writeOutput(join(folder, 'a'), bytes)).rejects.toThrow(
      /cannot write .*\/a: its links lead in a circle/,
    );
  });

  test.each([['itself'], ['a link to it']])('a pipe is written to: %s', async (kind) => {
    const folder = newFolder();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    symlinkSync('pipe', join(folder, 'link'));
    const read = new Promise<Buffer>((done) => {
      execFile('cat', [pipe], { encoding: 'buffer', maxBuffer: 1 << 20 }, (_, stdout) => done(stdout));
    });
    await writeOutput(kind === 'itself' ? pipe : join(folder, 'link'), bytes);
    expect(new Uint8Array(await read)).toEqual(bytes);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  test('a device behind a link is written to and stays', async () => {
    const folder = newFolder();
    symlinkSync('/dev/null', join(folder, 'nothing'));
    const before = statSync('/dev/null');
    await writeOutput(join(folder, 'nothing'), bytes);
    const after = statSync('/dev/null');
    expect([after.isCharacterDevice(), after.ino, after.mode]).toEqual([true, before.ino, before.mode]);
    expect(lstatSync(join(folder, 'nothing')).isSymbolicLink()).toBe(true);
  });

  test.runIf(process.getuid?.() !== 0)('a write-protected file is refused and stays', async () => {
    const file = join(newFolder(), 'policy.onnx');
    writeFileSync(file, 'before');
    chmodSync(file, 0o400);
    await expect(writeOutput(file, bytes)).rejects.toThrow(/cannot write .*policy\.onnx: permission denied/);
    expect(readFileSync(file, 'utf8')).toBe('before');
  });
});

test('a folder is refused, before and at the end', async () => {
  const folder = newFolder();
  await expect(checkOutput(folder)).rejects.toThrow(UsageError);
  await expect(checkOutput(join(folder, 'absent/'))).rejects.toThrow(UsageError);
  await expect(writeOutput(folder, bytes)).rejects.toThrow(UsageError);
  await expect(checkOutput(folder)).rejects.toThrow(
    `--out ${folder} is a folder; name a file, such as ${folder}/policy`,
  );
  await checkOutput(join(folder, 'policy.onnx'));
  expect(existsSync(join(folder, 'absent'))).toBe(false);
});

test('a file in the place of a folder is told', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'file'), '');
  const attempt = writeOutput(join(folder, 'file/policy.onnx'), bytes);
  await expect(attempt).rejects.toThrow(RunError);
  await expect(attempt).rejects.toThrow(/a file is where a folder is needed/);
});

test('what is there already is refused where nobody asked to replace it, but not what is empty or no file', async () => {
  const file = join(newFolder(), 'demos.safetensors');
  await checkOutput(file, '--out', 'x', 'data set');
  writeFileSync(file, '');
  await checkOutput(file, '--out', 'x', 'data set');
  writeFileSync(file, 'recorded');
  await expect(checkOutput(file, '--out', 'x', 'data set')).rejects.toThrow(
    `--out ${file} is there already; give another name for the data set, or replace it with --force.`,
  );
  await checkOutput(file, '--out', 'x', true);
  await checkOutput('/dev/null', '--out', 'x', 'data set');
});
