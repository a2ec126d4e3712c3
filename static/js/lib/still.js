/**
 * A canvas whose picture seldom changes. A browser without a graphics processor copies every canvas
 * with a 2D context in each frame of the page, changed or not: 1 ms for two million pixels. Of this
 * canvas it keeps the picture. To draw anew takes longer.
 */

/**
 * Creates the canvas.
 *
 * @param {HTMLCanvasElement} canvas without a context
 */
export function createStill(canvas) {
  const shown = /** @type {ImageBitmapRenderingContext} */ (canvas.getContext("bitmaprenderer"));
  const sheet = new OffscreenCanvas(1, 1);
  // Nothing that draws uses what this context lacks: the focus ring, and its element.
  const context = /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (sheet.getContext("2d")));
  return {
    /** In device pixels; empty, since showing a picture takes it off. */
    context,
    /** Changes the size, which also clears. @param {number} width device pixels @param {number} height */
    resize(width, height) {
      for (const one of [sheet, canvas]) {
        one.width = width;
        one.height = height;
      }
    },
    /** Shows what was drawn. */
    show: () => shown.transferFromImageBitmap(sheet.transferToImageBitmap()),
  };
}
