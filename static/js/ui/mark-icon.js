/** Marks of the map for menus and the legend, drawn by the same code. */
import { drawMark, ringWidth } from "../lib/draw-mark.js";
import { element } from "./element.js";
import { watchTheme } from "../lib/theme.js";

const RADIUS_PX = 5;
const SIZE_PX = 2 * (RADIUS_PX + ringWidth(RADIUS_PX));

/** @type {Set<WeakRef<HTMLCanvasElement>>} */
const drawn = new Set();

watchTheme(() => {
  for (const reference of drawn) {
    const canvas = reference.deref();
    if (canvas) draw(canvas);
    else drawn.delete(reference);
  }
});

/** Draws a mark on its canvas. @param {HTMLCanvasElement} canvas */
function draw(canvas) {
  const { verification = "", colour = "" } = canvas.dataset;
  const style = getComputedStyle(document.documentElement);
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = canvas.width / SIZE_PX;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, canvas.width / 2, canvas.height / 2);
  drawMark(context, {
    verification,
    colour: style.getPropertyValue(colour).trim(),
    paper: style.getPropertyValue("--paper").trim(),
    radius: RADIUS_PX,
  });
}

/**
 * Creates the icon of a mark.
 * @param {string} verification
 * @param {string} colour a custom property
 * @returns {HTMLCanvasElement}
 */
export function markIcon(verification, colour) {
  const pixels = Math.round(SIZE_PX * Math.min(3, devicePixelRatio || 1));
  const canvas = element("canvas", {
    class: "mark-icon",
    width: pixels,
    height: pixels,
    "aria-hidden": "true",
    "data-verification": verification,
    "data-colour": colour,
  });
  draw(canvas);
  drawn.add(new WeakRef(canvas));
  return canvas;
}
