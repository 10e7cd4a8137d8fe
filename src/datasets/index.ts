// Data sets: recorded episodes in files, read part by part.

export { convertData, formatOfOutput, type WrittenFormat } from './convert.js';
export { type Coverage, coverageText } from './coverage.js';
export type { DataFinding, DataOrigin, DataSet, EpisodeColumns } from './data-set.js';
export { partsOf } from './data-set.js';
export { checkFits, episodesOfRows, rowsOfEpisodes } from './episode-rows.js';
export { encodeEpisodes, openEpisodes } from './formats/episodes.js';
export { type ColumnFigures, type ColumnReport, type DataReport, inspectData } from './inspect.js';
export { type ColumnMapping, mapColumns, parseMapping } from './mapping.js';
export { openDataSet } from './open.js';
export { heldOutEpisodes, recordedSpec } from './recorded-spec.js';
