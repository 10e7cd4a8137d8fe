// Opens data sets of any format that is read: the one table of formats, each known by what its files begin with and hold.
import { UsageError } from '../errors.js';
import { CONFIG, REPLAY } from '../runs/run-layout.js';
import { type DataPlace, findPlace, openWith } from './data-place.js';
import type { DataSet } from './data-set.js';
import { openD4rl } from './formats/d4rl.js';
import { openEpisodes } from './formats/episodes.js';
import { openHdf5 } from './formats/hdf5.js';
import { INFO, openLerobot } from './formats/lerobot.js';
import { MAIN_FILE, openMinari } from './formats/minari.js';
import { openOgbench } from './formats/ogbench.js';
import { openRunReplay } from './formats/run.js';

/** What a place holds, as far as formats are told apart by it. */
interface Contents {
  readonly kind: 'safetensors' | 'zip' | 'hdf5' | 'folder';
  /** Keys at the top of an HDF5 file, or the folder's paths that formats ask for. */
  readonly names: readonly string[];
}

interface DataFormat {
  readonly name: string;
  readonly looksLike: (contents: Contents) => boolean;
  readonly open: (place: DataPlace, contents: Contents) => Promise<DataSet>;
}

/** The first that fits is taken. */
const formats: readonly DataFormat[] = [
  {
    name: 'episodes of anygoal (.safetensors)',
    looksLike: ({ kind }) => kind === 'safetensors',
    open: (place) => openWith(place, '', openEpisodes),
  },
  { name: 'OGBench (.npz)', looksLike: ({ kind }) => kind === 'zip', open: (place) => openOgbench(place) },
  {
    name: 'Minari (a folder, or its main_data.hdf5)',
    looksLike: ({ names }) => names.some((name) => /^episode_\d+$/.test(name) || name.endsWith(MAIN_FILE)),
    open: (place, { kind, names }) =>
      openMinari(place, kind === 'hdf5' ? undefined : names.includes(MAIN_FILE) ? '' : 'data'),
  },
  {
    name: 'D4RL (.hdf5)',
    looksLike: ({ kind, names }) => kind === 'hdf5' && names.includes('observations'),
    open: (place) => openD4rl(place),
  },
  { name: 'LeRobot 3 (a folder)', looksLike: ({ names }) => names.includes(INFO), open: (place) => openLerobot(place) },
  {
    name: 'a run of anygoal (its folder)',
    looksLike: ({ kind, names }) => kind === 'folder' && names.includes(CONFIG),
    open: (place) => openRunReplay(place),
  },
];

/** First bytes of files; a safetensors file begins with the length of its header, whose first byte is a brace. */
const beginnings: readonly (readonly [Contents['kind'], at: number, bytes: readonly number[]])[] = [
  ['hdf5', 0, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['zip', 0, [0x50, 0x4b, 0x03, 0x04]],
  ['zip', 0, [0x50, 0x4b, 0x05, 0x06]],
  ['safetensors', 8, [0x7b]],
];

/** How a data set is had, where there is none. */
const howToRecord = '`anygoal data record ENV --out FILE` writes one.';

const isMissing = ({ cause }: Error): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((cause as { code?: string } | undefined)?.code ?? '');

/**
 * Opens a data set: a file or folder by its path, in pages a file by its URL, or bytes that are in memory, with a name for
 * them. Only what tells of its episodes is read.
 * @throws UsageError for what is not there or is no data set, or one that is not read; RunError for a damaged one
 */
export async function openDataSet(path: string, bytes?: Uint8Array): Promise<DataSet> {
  const place = await findPlace(path, bytes);
  const contents = place.isFolder ? await contentsOfFolder(place) : await contentsOfFile(place);
  const format = contents && formats.find(({ looksLike }) => looksLike(contents));
  if (contents && format) return format.open(place, contents);
  const found = contents?.kind === 'hdf5' ? `; its keys are ${contents.names.join(', ') || 'none'}` : '';
  throw new UsageError(
    `${path} is no data set that is read here${found}. Read are: ${formats.map(({ name }) => name).join('; ')}. ${howToRecord}`,
  );
}

async function contentsOfFolder(place: DataPlace): Promise<Contents> {
  const names = [...(await place.list(''))];
  for (const folder of ['data', 'meta', 'replay']) {
    if (names.includes(folder)) names.push(...(await place.list(folder)).map((name) => `${folder}/${name}`));
  }
  const asked = [MAIN_FILE, `data/${MAIN_FILE}`, INFO, CONFIG, REPLAY];
  return { kind: 'folder', names: asked.filter((name) => names.includes(name)) };
}

async function contentsOfFile(place: DataPlace): Promise<Contents | undefined> {
  const source = await place.open('').catch((error: Error) => {
    throw isMissing(error) ? new UsageError(`there is no data set ${place.name}; ${howToRecord}`) : error;
  });
  try {
    const start = await source.read(0, Math.min(16, source.size));
    const kind = beginnings.find(([, at, bytes]) => bytes.every((byte, i) => start[at + i] === byte))?.[0];
    if (kind !== 'hdf5') return kind && { kind, names: [] };
    const file = await openHdf5(source);
    try {
      return { kind, names: file.keys('') };
    } finally {
      file.close();
    }
  } finally {
    await source.close();
  }
}
