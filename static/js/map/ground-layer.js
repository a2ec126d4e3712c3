/**
 * The map layer of the ground: land and water, coast, borders, rivers and lakes, in muted colours.
 * It needs no tile server; tiles are drawn above it.
 */
import { fetchJson } from "../data/fetch-json.js";
import { loadPersistently } from "../data/persistent.js";
import { watchTheme } from "../lib/theme.js";
import { createCanvasLayer } from "./canvas-layer.js";
import { idle } from "../lib/frame.js";
import { readGround } from "./ground-data.js";
import { customProperty } from "../lib/colours.js";
import { strokeLines, traceRings } from "./trace.js";

/**
 * Rivers and borders are precise to kilometres. They fade from these zoom levels, over the
 * following number of levels.
 */
const RIVERS_UNTIL_ZOOM = 9;
const BORDERS_UNTIL_ZOOM = 10;
const FADE_ZOOMS = 3;
/** Maximum delay of the first paint after the file arrives, in milliseconds. */
const WITHIN_MS = 1500;

/** Returns the opacity at a zoom level. @param {number} zoom @param {number} until */
const strength = (zoom, until) => Math.max(0, Math.min(1, 1 - (zoom - until) / FADE_ZOOMS));

/**
 * Fetches the ground and adds the layer.
 * @param {import("leaflet").Map} map
 * @param {string} url of the ground's file
 * @param {import("../data/persistent.js").Teller} [tell]
 */
export async function addGroundLayer(map, url, tell) {
  const { body: topology } = await loadPersistently(() => fetchJson(url, { priority: "low" }), tell);
  await idle(WITHIN_MS); // the events come first: on a slow processor the ground takes as long as they do
  const { land, coast, borders, rivers, lakes } = readGround(topology);

  const layer = createCanvasLayer({
    pane: "ground",
    isStill: true,
    paint(context, frame) {
      context.fillStyle = customProperty("--water");
      context.fillRect(0, 0, frame.width, frame.height);
      context.fillStyle = customProperty("--ground");
      context.beginPath();
      traceRings(context, land, frame);
      context.fill("evenodd");

      context.lineJoin = "round";
      context.fillStyle = customProperty("--water");
      context.beginPath();
      traceRings(context, lakes, frame);
      context.fill("evenodd");
      context.globalAlpha = strength(frame.zoom, RIVERS_UNTIL_ZOOM);
      context.strokeStyle = customProperty("--river");
      context.lineWidth = Math.max(0.75, Math.min(2.5, (frame.zoom - 2) * 0.4));
      strokeLines(context, rivers, frame);
      context.globalAlpha = 1;

      context.strokeStyle = customProperty("--coast");
      context.lineWidth = 1;
      strokeLines(context, coast, frame);
      context.globalAlpha = strength(frame.zoom, BORDERS_UNTIL_ZOOM);
      context.strokeStyle = customProperty("--border");
      context.lineWidth = frame.zoom < 6 ? 1 : 1.5;
      context.setLineDash([7, 3, 1.5, 3]);
      strokeLines(context, borders, frame, { dashed: true });
      context.setLineDash([]);
      context.globalAlpha = 1;
    },
  });
  layer.addTo(map);
  watchTheme(() => layer.schedule());
}
