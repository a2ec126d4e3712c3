/**
 * Icons that are drawn by the code of the map: when they are first seen, since most are in closed
 * menus, and again when the theme changes.
 */
import { createStill } from "../lib/still.js";
import { watchTheme } from "../lib/theme.js";
import { element } from "./element.js";

/** @type {Set<WeakRef<HTMLCanvasElement>>} */
const icons = new Set();
/** @type {WeakMap<Element, () => void>} */
const draws = new WeakMap();
/** @type {WeakSet<Element>} */
const drawn = new WeakSet();

/** Draws an icon. @param {Element} canvas */
function draw(canvas) {
  drawn.add(canvas);
  draws.get(canvas)?.();
}

/** Yields the icons that are still in use. */
function* inUse() {
  for (const reference of icons) {
    const canvas = reference.deref();
    if (canvas) yield canvas;
    else icons.delete(reference);
  }
}

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    draw(target);
  }
});
watchTheme(() => [...inUse()].filter((canvas) => drawn.has(canvas)).forEach(draw));
// Paper shows the whole legend.
addEventListener("beforeprint", () => [...inUse()].filter((canvas) => !drawn.has(canvas)).forEach(draw));

/**
 * Creates an icon.
 *
 * @param {{ width: number, height: number }} size pixels
 * @param {import("./element.js").Attributes} attributes
 * @param {(context: CanvasRenderingContext2D, scale: number) => void} paint in CSS pixels, from the
 *   top left corner; `scale` is the number of device pixels in a pixel
 * @returns {HTMLCanvasElement}
 */
export function drawnIcon({ width, height }, attributes, paint) {
  const scale = Math.min(3, devicePixelRatio || 1);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  const canvas = element("canvas", { ...size, "aria-hidden": "true", ...attributes });
  /** @type {ReturnType<typeof createStill> | null} */
  let still = null;
  draws.set(canvas, () => {
    still ??= createStill(canvas);
    const { context } = still;
    still.resize(size.width, size.height);
    context.setTransform(size.width / width, 0, 0, size.height / height, 0, 0);
    paint(context, scale);
    still.show();
  });
  icons.add(new WeakRef(canvas));
  seen.observe(canvas);
  return canvas;
}
