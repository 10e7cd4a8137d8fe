// Data sets: recorded episodes in files, read part by part.
export type { DataOrigin, DataSet, EpisodeColumns } from './data-set.js';
export { partsOf } from './data-set.js';
export { encodeEpisodes, openEpisodes } from './episode-file.js';
export { checkFits, episodesOfRows, rowsOfEpisodes } from './episode-rows.js';
export { type ColumnFigures, type ColumnReport, type DataFinding, type DataReport, inspectData } from './inspect.js';
