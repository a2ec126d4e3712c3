/**
 * A Leaflet layer with one canvas. The canvas covers the view and a margin, follows drags and
 * zooms, uses the screen's resolution, and calls `paint` to draw.
 */
import { oncePerFrame } from "../lib/frame.js";
import { createStill } from "../lib/still.js";
import { L } from "./leaflet.js";
import { TILE_PX } from "../lib/mercator.js";

/**
 * The view to paint. Pixels are CSS pixels; the context is already scaled for the screen.
 * @typedef {object} Frame
 * @property {number} zoom
 * @property {number} width pixels
 * @property {number} height pixels
 * @property {number} worldPx pixels of the whole world at this zoom
 * @property {number} left the canvas's left edge, in pixels of the world; less than 0 or more than
 *   `worldPx` if the map was dragged around the globe
 * @property {number} top
 * @property {number} scale device pixels in a pixel
 */

/**
 * @typedef {import("leaflet").Layer & { schedule: () => void, frame: () => Frame | null, toCanvas:
 *   (point: import("leaflet").Point) => import("leaflet").Point }} CanvasLayer `schedule` paints
 *   within an animation frame; `toCanvas` converts a point of the map's container to canvas
 *   coordinates
 */

/**
 * The margin on each side, as a share of the view. A drag shows the margin before the next paint.
 */
const MARGIN = 0.2;

/**
 * Creates the layer.
 * @param {object} options
 * @param {string} options.pane
 * @param {(context: CanvasRenderingContext2D, frame: Frame, canvas: HTMLCanvasElement) => unknown}
 *   options.paint receives an empty canvas; returns false if it stays empty, and is then not shown
 * @param {boolean} [options.keeps] leaves the previous picture for `paint` to clear; a change of
 *   size clears it anyway
 * @param {() => boolean} [options.isCoarse] whether CSS pixels do for now, on a finer screen
 * @param {boolean} [options.isStill] whether it changes with the view alone, not with the window
 * @returns {CanvasLayer}
 */
export function createCanvasLayer({ pane, paint, keeps = false, isCoarse, isStill = false }) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  const still = isStill ? createStill(canvas) : null;
  const context = still?.context ?? /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {import("leaflet").Map | null} */
  let map = null;
  /** @type {Frame | null} */
  let frame = null;
  let center = L.latLng(0, 0);

  function draw() {
    painting.cancel();
    if (!map) return;
    const size = map.getSize();
    if (size.x === 0 || size.y === 0) return;
    const margin = size.multiplyBy(MARGIN).round();
    const corner = map.containerPointToLayerPoint(margin.multiplyBy(-1)).round();
    const origin = map.getPixelOrigin().add(corner);
    const scale = isCoarse?.() ? 1 : Math.min(3, devicePixelRatio || 1);
    const [width, height] = [size.x + 2 * margin.x, size.y + 2 * margin.y];
    const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
    if (canvas.width !== across || canvas.height !== down) {
      if (still) still.resize(across, down);
      else [canvas.width, canvas.height] = [across, down];
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    L.DomUtil.setPosition(canvas, corner);
    center = map.getCenter();
    frame = {
      zoom: map.getZoom(),
      width,
      height,
      worldPx: TILE_PX * 2 ** map.getZoom(),
      left: origin.x,
      top: origin.y,
      scale,
    };
    context.setTransform(scale, 0, 0, scale, 0, 0);
    if (!keeps) context.clearRect(0, 0, width, height);
    canvas.hidden = paint(context, frame, canvas) === false;
    still?.show();
  }

  const painting = oncePerFrame(draw);

  /** Scales the canvas while Leaflet animates a zoom by a CSS transition. */
  function animate(/** @type {import("leaflet").ZoomAnimEvent} */ event) {
    if (!map || !frame) return;
    const grows = map.getZoomScale(event.zoom, frame.zoom);
    const half = map.getSize().divideBy(2);
    const pane = L.DomUtil.getPosition(map.getPane("mapPane") ?? map.getContainer());
    const origin = map.project(event.center, event.zoom).subtract(half).add(pane).round();
    const corner = L.point(frame.width, frame.height).multiplyBy(-grows / 2);
    L.DomUtil.setTransform(canvas, map.project(center, event.zoom).add(corner).subtract(origin), grows);
  }

  /** Repaints if a drag exceeds the margin. */
  function moved() {
    if (!map || !frame) return;
    const corner = L.DomUtil.getPosition(canvas).add(
      L.DomUtil.getPosition(map.getPane("mapPane") ?? map.getContainer()),
    );
    const size = map.getSize();
    const covers =
      corner.x <= 0 && corner.y <= 0 && corner.x + frame.width >= size.x && corner.y + frame.height >= size.y;
    if (!covers) draw();
  }

  const Layer = L.Layer.extend({
    options: { pane },

    onAdd(/** @type {import("leaflet").Map} */ to) {
      map = to;
      L.DomUtil.addClass(canvas, `leaflet-zoom-${map.options.zoomAnimation ? "animated" : "hide"}`);
      map.getPane(pane)?.append(canvas);
      draw();
    },

    onRemove() {
      painting.cancel();
      canvas.remove();
      map = null;
    },

    // Paints at once, not in the next frame. The panes have already moved, so a delay would show as
    // a jump.
    getEvents: () => ({ viewreset: draw, zoom: draw, zoomanim: animate, move: moved, moveend: draw, resize: draw }),

    schedule: () => painting.schedule(),
    frame: () => frame,
    toCanvas(/** @type {import("leaflet").Point} */ point) {
      return map ? map.containerPointToLayerPoint(point).subtract(L.DomUtil.getPosition(canvas)) : point;
    },
  });
  return /** @type {CanvasLayer} */ (new /** @type {any} */ (Layer)());
}
