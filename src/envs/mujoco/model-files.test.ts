// Models whose parts lie in several files: each way in which MuJoCo lets them be named, from disk, as bytes and by URL.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MainModule } from '@mujoco/mujoco';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileModel, loadMujoco } from '../../physics/index.js';
import { loadModel, readModel } from './model-files.js';

const mujoco = await loadMujoco();
const corner = 'v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 1 4 3\n';
const big = corner.replaceAll('1 0', '2 0').replaceAll('0 1', '0 2');
const mesh = (file: string, name = 'm') => `<asset><mesh name="${name}" file="${file}"/></asset>`;
const shown = '<worldbody><body name="thing"><geom type="mesh" mesh="m"/></body></worldbody>';
const grid =
  '$MeshFormat\n4.1 0 8\n$EndMeshFormat\n$Nodes\n1 4 1 4\n3 1 0 4\n1\n2\n3\n4\n0 0 0\n1 0 0\n0 1 0\n0 0 1\n$EndNodes\n$Elements\n1 1 1 1\n3 1 4 1\n1 1 2 3 4\n$EndElements\n';
/** A picture of one pixel, grey. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

type Files = Readonly<Record<string, string | Buffer>>;
/** `robot/main.xml` and the rest; `ROOT` becomes the folder of all. */
const kinds: Record<string, Files> = {
  'a <compiler> in an included file': {
    'robot/main.xml': `<mujoco><include file="settings.xml"/>${mesh('m.obj')}${shown}</mujoco>`,
    'robot/settings.xml': '<mujoco><compiler meshdir="parts"/></mujoco>',
    'robot/parts/m.obj': corner,
  },
  'a second <compiler>': {
    'robot/main.xml': `<mujoco><compiler angle="radian"/><compiler meshdir="parts"/>${mesh('m.obj')}${shown}</mujoco>`,
    'robot/parts/m.obj': corner,
  },
  'the last of several folders counts': {
    'robot/main.xml': `<mujoco><compiler meshdir="wrong"/><compiler meshdir="parts"/>${mesh('m.obj')}${shown}</mujoco>`,
    'robot/parts/m.obj': corner,
    'robot/wrong/m.obj': 'not a mesh',
  },
  strippath: {
    'robot/main.xml': `<mujoco><compiler strippath="true"/>${mesh('somewhere/else/m.obj')}${shown}</mujoco>`,
    'robot/m.obj': corner,
  },
  'a folder with strippath': {
    'robot/main.xml': `<mujoco><compiler strippath="true" meshdir="../shared/"/>${mesh('C:/else/m.obj')}${shown}</mujoco>`,
    'shared/m.obj': corner,
  },
  'assetdir for meshes and pictures': {
    'robot/main.xml': `<mujoco><compiler assetdir="parts"/><asset><hfield name="h" file="h.png" size="1 1 1 1"/>
      <texture name="t" type="2d" file="h.png"/></asset>${mesh('m.obj')}${shown}</mujoco>`,
    'robot/parts/m.obj': corner,
    'robot/parts/h.png': png,
  },
  'texturedir for pictures': {
    'robot/main.xml': `<mujoco><compiler texturedir="pictures" meshdir="."/>
      <asset><texture name="t" type="cube" fileup="u.png" filedown="d.png"/></asset>${mesh('./m.obj')}${shown}</mujoco>`,
    'robot/m.obj': corner,
    'robot/pictures/u.png': png,
    'robot/pictures/d.png': png,
  },
  'names in full': {
    'robot/main.xml': `<mujoco><compiler meshdir="parts"/>${mesh('ROOT/far/m.obj')}${shown}</mujoco>`,
    'far/m.obj': corner,
  },
  'an attached model with files of its own': {
    'robot/main.xml': `<mujoco><asset><model name="hand" file="hands/hand.xml"/></asset><worldbody>
      <body name="arm"><attach model="hand" body="thing" prefix="left-"/></body></worldbody></mujoco>`,
    'robot/hands/hand.xml': `<mujoco><compiler meshdir="meshes"/>${mesh('m.obj')}${shown}</mujoco>`,
    'robot/hands/meshes/m.obj': corner,
  },
  'includes from the folder of the includer': {
    'robot/main.xml': `<mujoco><include file="parts/outer.xml"/>${shown}</mujoco>`,
    'robot/parts/outer.xml': '<mujoco><include file="inner.xml"/></mujoco>',
    'robot/parts/inner.xml': `<mujoco>${mesh('m.obj')}</mujoco>`,
    'robot/m.obj': corner,
  },
  'includes from the folder of the main file come first': {
    'robot/main.xml': `<mujoco><include file="parts/outer.xml"/>${shown}</mujoco>`,
    'robot/parts/outer.xml': '<mujoco><include file="inner.xml"/></mujoco>',
    'robot/parts/inner.xml': '<mujoco><wrong/></mujoco>',
    'robot/inner.xml': `<mujoco>${mesh('m.obj')}</mujoco>`,
    'robot/m.obj': corner,
  },
  'a soft body from a file': {
    'robot/main.xml': `<mujoco>${mesh('m.obj')}<worldbody><body name="thing"><geom type="mesh" mesh="m"/></body>
      <flexcomp name="f" type="gmsh" file="soft.msh" dim="3"/></worldbody></mujoco>`,
    'robot/soft.msh': grid,
    'robot/m.obj': corner,
  },
  'XML entities, and characters of all kinds': {
    'robot/main.xml': `<mujoco>${mesh('a &amp; b&#x27;s #1 %41 ü.obj')}${shown}</mujoco>`,
    "robot/a & b's #1 %41 ü.obj": corner,
  },
  backslashes: {
    'robot/main.xml': `<mujoco><compiler meshdir="..\\shared"/>${mesh('meshes\\m.obj')}${shown}</mujoco>`,
    'shared/meshes/m.obj': corner,
  },
  'one file under two spellings': {
    'robot/main.xml': `<mujoco>${mesh('parts/m.obj')}${mesh('./parts/../parts//m.obj', 'n')}${shown}</mujoco>`,
    'robot/parts/m.obj': corner,
  },
  'single quotes and spaces around =': {
    'robot/main.xml': `<mujoco><asset><mesh file = 'm.obj' name = 'm' /></asset>${shown}</mujoco>`,
    'robot/m.obj': corner,
  },
  'folders with dots': {
    'robot/main.xml': `<mujoco><compiler meshdir="v1.0/of.2026"/>${mesh('m.obj')}${shown}</mujoco>`,
    'robot/v1.0/of.2026/m.obj': corner,
  },
  'names in comments and texts are no files': {
    'robot/main.xml': `<mujoco><!-- <include file="gone.xml"/> --><custom><text name="t" data='file="gone.obj"'/></custom>
      ${mesh('m.obj')}${shown}</mujoco>`,
    'robot/m.obj': corner,
  },
  'URDF with meshes': {
    'robot/main.urdf': `<robot name="r"><link name="base"/><link name="thing"><inertial><mass value="1"/>
      <inertia ixx="1" iyy="1" izz="1" ixy="0" ixz="0" iyz="0"/></inertial>
      <collision><geometry><mesh filename="meshes/m.obj"/></geometry></collision></link>
      <joint name="turn" type="continuous"><parent link="base"/><child link="thing"/><axis xyz="0 0 1"/></joint></robot>`,
    'robot/meshes/m.obj': corner,
  },
};

const root = mkdtempSync(join(tmpdir(), 'anygoal models #'));
let server: Server;
const folderOf = (kind: string) => join(root, `${Object.keys(kinds).indexOf(kind)}`);
const inPlace = (text: string | Buffer, folder: string) =>
  typeof text === 'string' ? text.replaceAll('ROOT', folder.replaceAll('\\', '/')) : text;
const mainOf = (kind: string) => Object.keys(kinds[kind])[0];

beforeAll(async () => {
  for (const [kind, files] of Object.entries(kinds)) {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folderOf(kind), name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, inPlace(text, folderOf(kind)));
    }
  }
  server = createServer((request, response) => {
    const [, id, ...parts] = decodeURIComponent(request.url ?? '').split('/');
    const kind = Object.keys(kinds)[Number(id)];
    const text = kinds[kind]?.[parts.join('/')];
    response.statusCode = text === undefined ? 404 : 200;
    response.end(text === undefined ? '' : inPlace(text, `/${id}`));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true });
});

/** Where the mesh's corners are: it was read, and it was the right one. */
async function verticesFrom(path: string | URL): Promise<string> {
  const { model } = await loadModel(mujoco, path);
  const found = Float32Array.from(model.mesh_vert).slice(0, 12).join(' ');
  model.delete();
  return found;
}

describe.each(Object.keys(kinds))('%s', (kind) => {
  test('from disk, by path and by URL', async () => {
    const expected = (() => {
      const xml = `<mujoco>${mesh('m.obj')}${shown}</mujoco>`;
      const model = compileModel(mujoco, { xml, files: { 'm.obj': new TextEncoder().encode(corner) } });
      const found = Float32Array.from(model.mesh_vert).slice(0, 12).join(' ');
      model.delete();
      return found;
    })();
    const path = join(folderOf(kind), mainOf(kind));
    expect(await verticesFrom(path)).toBe(expected);
    expect(await verticesFrom(pathToFileURL(path))).toBe(expected);
  });

  test('from a server', async () => {
    const { port } = server.address() as AddressInfo;
    const id = Object.keys(kinds).indexOf(kind);
    const url = `http://127.0.0.1:${port}/${id}/${mainOf(kind)}`;
    expect(await verticesFrom(url)).toBe(await verticesFrom(join(folderOf(kind), mainOf(kind))));
  });

  test('as bytes, and as `readModel` gives it', async () => {
    const files = Object.entries(kinds[kind]).slice(1);
    const bytes = Object.fromEntries(
      files.map(([name, text]) => {
        const named = kind === 'names in full' ? `/somewhere/${name}` : `../${name}`;
        return [named, new Uint8Array(Buffer.from(inPlace(text, '/somewhere')))];
      }),
    );
    const xml = String(inPlace(kinds[kind][mainOf(kind)], '/somewhere'));
    const given = compileModel(mujoco, { xml, files: bytesFor(bytes) });
    const source = await readModel(join(folderOf(kind), mainOf(kind)));
    const read = compileModel(mujoco, source);
    expect([...read.mesh_vert]).toEqual([...given.mesh_vert]);
    expect(read.nbody).toBe(given.nbody);
    for (const model of [given, read]) model.delete();
  });
});

test('a file that changed is read anew, and files given count instead of those that lie there', async () => {
  const path = join(root, 'changing.xml');
  writeFileSync(path, `<mujoco>${mesh('changing.obj')}${shown}</mujoco>`);
  writeFileSync(join(root, 'changing.obj'), corner);
  const first = await verticesFrom(path);
  writeFileSync(join(root, 'changing.obj'), big);
  const second = await verticesFrom(path);
  expect(second).not.toBe(first);
  for (const name of ['changing.obj', './changing.obj', join(root, 'changing.obj')]) {
    const { model } = await loadModel(mujoco, path, { files: { [name]: new TextEncoder().encode(corner) } });
    expect(Float32Array.from(model.mesh_vert).slice(0, 12).join(' ')).toBe(first);
    model.delete();
  }
  const read = await readModel(path);
  expect(Object.keys(read.files ?? {})).toEqual([join(root, 'changing.obj')]); // and nothing that lies beside it
});

test('ROS names of packages can be given as bytes', () => {
  const xml = kinds['URDF with meshes']['robot/main.urdf'].toString().replace('meshes/m.obj', 'package://r/m.obj');
  const files = { 'package://r/m.obj': new TextEncoder().encode(corner) };
  compileModel(mujoco, { xml, files }).delete();
  expect(() => compileModel(mujoco, { xml })).toThrow(
    /opening file 'package:\/\/r\/m\.obj'.*Give its bytes in `files`/,
  );
});

test('a missing file is named with the file that asks for it, wherever it is asked for', async () => {
  const files: Files = {
    'main.xml': '<mujoco><include file="parts/sub.xml"/></mujoco>',
    'parts/sub.xml': `<mujoco>${mesh('none.obj')}${shown}</mujoco>`,
    'plain.xml': '<mujoco><asset><hfield name="h" file="none.png" size="1 1 1 1"/></asset></mujoco>',
    'attached.xml': '<mujoco><asset><model name="a" file="sub/none.xml"/></asset></mujoco>',
    'picture.xml': '<mujoco><asset><texture name="a" type="2d" file="none.png"/></asset></mujoco>',
  };
  const folder = join(root, 'missing');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const refused = (name: string) => expect(loadModel(mujoco, join(folder, name))).rejects;
  await refused('main.xml').toThrow(
    /cannot read .*missing\/parts\/none\.obj, which .*missing\/parts\/sub\.xml names: ENOENT/,
  );
  await refused('plain.xml').toThrow(/cannot read .*missing\/none\.png, which .*plain\.xml names: ENOENT/);
  await refused('attached.xml').toThrow(/cannot read .*missing\/sub\/none\.xml, which .*attached\.xml names: ENOENT/);
  await refused('picture.xml').toThrow(/cannot read .*missing\/none\.png, which .*picture\.xml names: ENOENT/);
  const { port } = server.address() as AddressInfo;
  await expect(loadModel(mujoco, `http://127.0.0.1:${port}/none.xml`)).rejects.toThrow(
    /cannot read http:.*none\.xml: 404/,
  );
});

test('the engine keeps its own folders, and nothing of a model stays in them', async () => {
  const { FS } = mujoco as unknown as MainModule;
  const before = [FS.readdir('/'), FS.readdir('/tmp'), FS.readdir('/home')];
  await verticesFrom(join(folderOf('backslashes'), 'robot/main.xml'));
  await expect(loadModel(mujoco, join(root, 'absent.xml'))).rejects.toThrow();
  expect([FS.readdir('/'), FS.readdir('/tmp'), FS.readdir('/home')]).toEqual(before);
  expect(FS.analyzePath(join(folderOf('backslashes'), 'robot/main.xml'), false).exists).toBe(false);
});

/** The main file lies in `robot`: what lies there is named from there. */
const bytesFor = (files: Record<string, Uint8Array>) =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name.replace(/^\.\.\/robot\//, ''), bytes]));
