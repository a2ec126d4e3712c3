/**
 * The picture of the map for print: everything that the map shows, on one canvas. A canvas fits any
 * paper, while Leaflet's layers would keep their size and be cut off.
 */
import { customProperty } from "../lib/colours.js";

/** Distance of the scale bar from the corner of the picture, and the width of its lines. */
const SCALE_AT_PX = 14;
const LINE_PX = 1.5;

/**
 * Draws the picture before the page is printed.
 *
 * @param {import("leaflet").Map} map
 * @param {HTMLCanvasElement} picture
 * @param {HTMLElement} scale the scale bar, which has the same size on the picture as on the map
 */
export function createPrintPicture(map, picture, scale) {
  addEventListener("beforeprint", () => {
    map.fire("resize"); // the layers paint at once, in the colours of paper
    const size = map.getSize();
    const ratio = devicePixelRatio || 1;
    picture.width = Math.round(size.x * ratio);
    picture.height = Math.round(size.y * ratio);
    const context = picture.getContext("2d");
    if (!context) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = customProperty("--ground");
    context.fillRect(0, 0, size.x, size.y);
    const { left, top } = map.getContainer().getBoundingClientRect();
    for (const part of partsOf(map)) {
      const box = part.getBoundingClientRect();
      context.filter = part instanceof HTMLImageElement ? customProperty("--tiles") : "none";
      context.drawImage(part, box.left - left, box.top - top, box.width, box.height);
    }
    context.filter = "none";
    drawScale(context, scale, size.y);
  });
}

/**
 * Returns the tiles and canvases of the map, the lowest first.
 *
 * @param {import("leaflet").Map} map
 */
function partsOf(map) {
  return Object.values(map.getPanes())
    .map((pane) => ({ pane, order: Number(getComputedStyle(pane).zIndex) || 0 }))
    .toSorted((one, other) => one.order - other.order)
    .flatMap(({ pane }) => [...pane.querySelectorAll(":scope > canvas, .leaflet-tile-container > img")])
    .filter(
      /** @returns {part is HTMLCanvasElement | HTMLImageElement} */
      (part) =>
        part instanceof HTMLCanvasElement
          ? part.width > 0
          : part instanceof HTMLImageElement && part.complete && part.naturalWidth > 0,
    );
}

/**
 * Draws the scale bar in the lower left corner.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLElement} scale
 * @param {number} height of the picture
 */
function drawScale(context, scale, height) {
  const length = scale.offsetWidth;
  const [left, bottom] = [SCALE_AT_PX, height - SCALE_AT_PX];
  const { fontSize, fontFamily } = getComputedStyle(scale);
  context.font = `${fontSize} ${fontFamily}`;
  context.textAlign = "center";
  for (const [style, width] of /** @type {const} */ ([
    ["--paper", 4],
    ["--ink", LINE_PX],
  ])) {
    context.strokeStyle = customProperty(style);
    context.lineWidth = width;
    context.beginPath();
    context.moveTo(left, bottom - 6);
    context.lineTo(left, bottom);
    context.lineTo(left + length, bottom);
    context.lineTo(left + length, bottom - 6);
    context.stroke();
    if (style === "--paper") context.strokeText(scale.textContent ?? "", left + length / 2, bottom - 4);
  }
  context.fillStyle = customProperty("--ink");
  context.fillText(scale.textContent ?? "", left + length / 2, bottom - 4);
}
