/** Icons that are drawn by the code of the map. They are drawn again when the theme changes. */
import { createStill } from "../lib/still.js";
import { watchTheme } from "../lib/theme.js";
import { element } from "./element.js";

/** @type {Set<WeakRef<HTMLCanvasElement>>} */
const icons = new Set();
/** @type {WeakMap<HTMLCanvasElement, () => void>} */
const redraws = new WeakMap();

watchTheme(() => {
  for (const reference of icons) {
    const canvas = reference.deref();
    if (canvas) redraws.get(canvas)?.();
    else icons.delete(reference);
  }
});

/**
 * Creates an icon.
 *
 * @param {{ width: number, height: number }} size pixels
 * @param {import("./element.js").Attributes} attributes
 * @param {(context: CanvasRenderingContext2D, scale: number) => void} draw in CSS pixels, from the
 *   top left corner; `scale` is the number of device pixels in a pixel
 * @returns {HTMLCanvasElement}
 */
export function drawnIcon({ width, height }, attributes, draw) {
  const scale = Math.min(3, devicePixelRatio || 1);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const canvas = element("canvas", { ...size, "aria-hidden": "true", ...attributes });
  const still = createStill(canvas);
  const redraw = () => {
    const { context } = still;
    still.resize(size.width, size.height);
    context.setTransform(size.width / width, 0, 0, size.height / height, 0, 0);
    draw(context, scale);
    still.show();
  };
  redraw();
  redraws.set(canvas, redraw);
  icons.add(new WeakRef(canvas));
  return canvas;
}
