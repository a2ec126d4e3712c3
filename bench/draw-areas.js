/**
 * How long the page takes to show a day that is asked for: its areas out of the history, as outlines, painted on a canvas of
 * the size that the map's is, until the pixels are there. Runs in a browser, with the page's own code.
 */
import { assessmentOn } from "../static/js/data/assessments.js";
import { LineHistory } from "../static/js/data/line-history.js";
import { readHistory } from "../static/js/data/read-history.js";
import { Lru } from "../static/js/lib/lru.js";
import { paintAreas } from "../static/js/map/area-paint.js";
import { shapesOf } from "../static/js/map/area-shapes.js";
import { mercatorX, mercatorY, TILE_PX } from "../static/js/lib/mercator.js";

/** As in `areas-layer.js` and `canvas-layer.js`. */
const KEPT_ASSESSMENTS = 32;
const MARGIN = 0.2;
const DAY_MS = 86_400_000;
const COLOURS = { "--front": "#a8321d", "--hatch": "#55504a", "--liberated": "#1f7f78" };

/**
 * @param {object} asked
 * @param {string[]} asked.parts addresses of the history's blocks
 * @param {string[]} asked.statuses of the manifest
 * @param {[width: number, height: number]} asked.view pixels
 * @param {[longitude: number, latitude: number, zoom: number]} asked.at
 * @param {number} asked.times how many days are shown
 * @param {"jump" | "drag"} asked.way any day after any other, or one after the other
 * @returns {Promise<{ vertices: number, days: number, milliseconds: number[] }>}
 */
export async function measure({ parts, statuses, view, at, times, way }) {
  const blocks = await Promise.all(parts.map(async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer())));
  const history = new LineHistory(blocks);
  history.prepare(Infinity); // the page does that while it idles
  const territory = readHistory(/** @type {any} */ (null), history, statuses);
  const canvas = document.createElement("canvas");
  const [marginX, marginY] = view.map((side) => Math.round(side * MARGIN));
  canvas.width = view[0] + 2 * marginX;
  canvas.height = view[1] + 2 * marginY;
  document.body.append(canvas);
  const context = canvas.getContext("2d");
  const [longitude, latitude, zoom] = at;
  const worldPx = TILE_PX * 2 ** zoom;
  const frame = {
    zoom,
    width: canvas.width,
    height: canvas.height,
    worldPx,
    left: Math.round(mercatorX(longitude) * worldPx - canvas.width / 2),
    top: Math.round(mercatorY(latitude) * worldPx - canvas.height / 2),
    scale: 1,
  };
  const ready = new Lru(KEPT_ASSESSMENTS);
  /** @param {number} day */
  const show = (day) => {
    const assessment = assessmentOn(territory, day);
    let shapes = ready.get(assessment);
    if (!shapes) ready.set(assessment, (shapes = shapesOf(territory.areas(assessment))));
    context.clearRect(0, 0, canvas.width, canvas.height);
    paintAreas(context, shapes, frame, (property) => COLOURS[property]);
    context.getImageData(0, 0, 1, 1); // until the pixels are there
  };
  const first = Math.floor(territory.validFrom[0] / DAY_MS);
  const span = Math.floor(territory.validFrom.at(-1) / DAY_MS) - first + 1;
  show(first);
  const milliseconds = [];
  let seed = 42;
  for (let n = 0; n < times; n++) {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    const day = first + ((way === "jump" ? seed : Math.floor(span / 2) + n) % span);
    const start = performance.now();
    show(day);
    milliseconds.push(performance.now() - start);
  }
  const shown = territory.areas(territory.validFrom.length - 1).flatMap(({ rings }) => rings);
  canvas.remove();
  return { vertices: shown.reduce((sum, ring) => sum + ring.length / 2, 0), days: span, milliseconds };
}
