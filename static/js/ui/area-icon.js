/** Samples of control areas for the legend, drawn by the same code as the map. */
import { paintSample } from "../lib/area-style.js";
import { customProperty } from "../lib/colours.js";
import { element } from "./element.js";
import { watchTheme } from "../lib/theme.js";

const WIDTH_PX = 22;
const HEIGHT_PX = 14;

/** @type {Set<WeakRef<HTMLCanvasElement>>} */
const drawn = new Set();

watchTheme(() => {
  for (const reference of drawn) {
    const canvas = reference.deref();
    if (canvas) draw(canvas);
    else drawn.delete(reference);
  }
});

/** Draws a sample on its canvas. @param {HTMLCanvasElement} canvas */
function draw(canvas) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = canvas.width / WIDTH_PX;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, WIDTH_PX, HEIGHT_PX);
  const what = /** @type {Parameters<typeof paintSample>[1]} */ (canvas.dataset.area);
  const isFaded = "faded" in canvas.dataset;
  paintSample(context, what, { width: WIDTH_PX, height: HEIGHT_PX, scale, isFaded }, customProperty);
}

/**
 * Creates the icon of an area style.
 *
 * @param {Parameters<typeof paintSample>[1]} what
 * @param {boolean} [isFaded] as in an old assessment
 */
export function areaIcon(what, isFaded = false) {
  const scale = Math.min(3, devicePixelRatio || 1);
  const canvas = element("canvas", {
    class: "area-icon",
    width: Math.round(WIDTH_PX * scale),
    height: Math.round(HEIGHT_PX * scale),
    "data-area": what,
    "data-faded": isFaded,
    "aria-hidden": "true",
  });
  drawn.add(new WeakRef(canvas));
  draw(canvas);
  return canvas;
}
