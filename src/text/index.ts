// Frozen sentence encoders.
export {
  checksumOf,
  cosine,
  requireKnown,
  type SentenceEncoder,
  type Standard,
  standardise,
  standardOf,
} from './encoder.js';
export { type EncoderFiles, folderEncoder } from './folder.js';
export { type TextMap, textMap } from './map.js';
export { oneHotEncoder } from './one-hot.js';
export { openEncoder } from './open.js';
export { readSentenceTable, type SentenceTable, sentenceTable } from './sentence-table.js';
