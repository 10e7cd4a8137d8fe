// What networks do with an input unless settings say otherwise, by its role and shape.
import { dense, type EncoderOf, each, oneHot, plain } from './encoder.js';
import { imageEncoder, largeImages, smallImages } from './image-encoder.js';

/** Below 16 pixels convolutions have nothing to look at. */
const tinyPicture = dense([64]);

/** Pictures by their smaller side, in pixels. */
const picture: EncoderOf = (input) => {
  const side = Math.min(input.shape[0], input.shape[1]);
  if (side < 16) return tinyPicture(input);
  return imageEncoder(input.shape, side < 64 ? smallImages : largeImages);
};

/** A task one-hot, a picture through convolutions or, below 16 pixels, one layer, frames likewise; other numbers as they are. */
export const defaultEncoder: EncoderOf = (input) => {
  if (input.role === 'task') return oneHot(input);
  if (input.shape.length === 4) return each(picture)(input);
  return input.shape.length === 3 ? picture(input) : plain(input);
};
