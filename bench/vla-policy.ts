// The policies of pictures and words that bench/ trains and times: their size, and how pictures become tokens.

/** A view of 48 x 48 as tokens: what three convolutions leave, each place one. */
export const pictureTokens = { kind: 'tokens', channels: [16, 32, 64], patch: 1 };

export const smallVla = {
  backbone: 'transformer',
  tokenWidth: 64,
  blocks: 3,
  chunk: 1,
  encoders: { camera: pictureTokens, 'camera-side': pictureTokens, words: 'tokens' },
};
