/**
 * Draws many marks at once by writing pixels. A canvas records each `drawImage` call, and replaying
 * tens of thousands takes longer than a frame. Writing pixels takes a few milliseconds. For few
 * marks `drawImage` is faster.
 *
 * @import { Frame } from "./canvas-layer.js"
 */

/** Pixels of the canvas for each stamp: with fewer, writing pixels is faster than `drawImage`. */
const PIXELS_FOR_EACH = 2000;

/** Returns whether writing pixels is faster. @param {number} stamps @param {number} pixels of the canvas */
export const areMany = (stamps, pixels) => stamps * PIXELS_FOR_EACH > pixels;

/**
 * The pixels of a stamp.
 * @typedef {{ side: number, bytes: Uint8ClampedArray, words: Uint32Array }} Pixels the same data
 *   twice: as bytes (red, green, blue, alpha; not premultiplied) and as 32-bit pixels
 */

/** @type {WeakMap<HTMLCanvasElement, Pixels>} */
const pixels = new WeakMap();

/**
 * Returns the pixels of a stamp. Pixels are cached.
 * @param {HTMLCanvasElement} stamp
 * @returns {Pixels}
 */
function pixelsOf(stamp) {
  let found = pixels.get(stamp);
  if (!found) {
    const side = stamp.width;
    const context = /** @type {CanvasRenderingContext2D} */ (stamp.getContext("2d"));
    const { data } = context.getImageData(0, 0, side, side);
    found = { side, bytes: data, words: new Uint32Array(data.buffer) };
    pixels.set(stamp, found);
  }
  return found;
}

/** Creates a buffer for stamps, which is drawn on the canvas as one image. */
export function createBlitter() {
  const sheet = document.createElement("canvas");
  const context = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d", { willReadFrequently: true }));
  let image = new ImageData(1, 1);
  let words = new Uint32Array(image.data.buffer);

  return {
    /** Clears the buffer and resizes it to the frame. @param {Frame} frame */
    begin({ width, height, scale }) {
      const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
      if (image.width === across && image.height === down) words.fill(0);
      else {
        sheet.width = across;
        sheet.height = down;
        image = new ImageData(across, down);
        words = new Uint32Array(image.data.buffer);
      }
    },

    /**
     * Writes a stamp.
     * @param {HTMLCanvasElement} stamp
     * @param {number} left device pixels
     * @param {number} top
     */
    stamp(stamp, left, top) {
      const { side, bytes, words: source } = pixelsOf(stamp);
      const { width, height, data } = image;
      const firstX = Math.max(0, -left);
      const endX = Math.min(side, width - left);
      const endY = Math.min(side, height - top);
      for (let y = Math.max(0, -top); y < endY; y++) {
        for (let x = firstX; x < endX; x++) {
          const from = y * side + x;
          const alpha = bytes[4 * from + 3] ?? 0;
          if (alpha === 0) continue;
          const to = (top + y) * width + left + x;
          const below = data[4 * to + 3] ?? 0;
          if (alpha === 255 || below === 0) {
            words[to] = source[from] ?? 0;
            continue;
          }
          const rest = (below * (255 - alpha)) / 255;
          const sum = alpha + rest;
          for (let channel = 0; channel < 3; channel++) {
            data[4 * to + channel] =
              ((bytes[4 * from + channel] ?? 0) * alpha + (data[4 * to + channel] ?? 0) * rest) / sum;
          }
          data[4 * to + 3] = sum;
        }
      }
    },

    /** Draws the buffer on a canvas. @param {CanvasRenderingContext2D} onto in device pixels */
    end(onto) {
      context.putImageData(image, 0, 0);
      onto.drawImage(sheet, 0, 0);
    },
  };
}
