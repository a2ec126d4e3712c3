/**
 * Adds the base map: the built-in ground, raster tiles if configured, and place names if there are
 * no tiles or they fail. A failure of the tiles is reported once.
 *
 * @import { Config } from "../types.js"
 * @import { Teller } from "../data/persistent.js"
 */
import { addGroundLayer } from "./ground-layer.js";
import { L } from "./leaflet.js";
import { createNamesLayer } from "./names-layer.js";

/**
 * Number of failed tiles since the last success before the failure is reported. A single tile may
 * be missing.
 */
const FAILURES_TOLD = 4;
/**
 * z-index of the panes, from bottom to top. Leaflet's own panes are tiles (200) and overlays (400),
 * which has the events.
 */
const PANES = { ground: 150, areas: 350, names: 380 };
const NAMES_LIFTED = 450;

/**
 * Adds the base layers.
 *
 * @param {import("leaflet").Map} map
 * @param {object} options
 * @param {Config["ground"]} options.ground
 * @param {Config["tiles"]} options.tiles
 * @param {string} options.language of the names
 * @param {() => void} options.onFailure called once
 * @param {Teller} [options.tellGround] shows that the ground is missing
 * @param {Teller} [options.tellNames] shows that the names are missing
 */
export function addBaseLayer(map, { ground, tiles, language, onFailure, tellGround, tellNames }) {
  for (const [name, order] of Object.entries(PANES)) map.createPane(name).style.zIndex = String(order);
  if (ground) void addGroundLayer(map, ground, tellGround);
  const names = createNamesLayer(map, language, tellNames);
  if (!tiles) {
    names.show(true);
    return;
  }
  let failed = 0;
  let hasFailed = false;
  const layer = L.tileLayer(tiles.url, {
    maxNativeZoom: tiles.max_zoom,
    maxZoom: map.getMaxZoom(),
    referrerPolicy: "strict-origin-when-cross-origin",
    className: "base-tiles",
  });
  layer.on("tileload", () => {
    failed = 0;
    names.show(false); // the tiles include names
  });
  layer.on("tileerror", ({ tile }) => {
    tile.hidden = true; // browsers show the frame of a broken image
    failed++;
    if (failed < FAILURES_TOLD) return;
    names.show(true);
    if (!hasFailed) onFailure();
    hasFailed = true;
  });
  layer.addTo(map);
}

/**
 * Moves the names above or below the events. Below, names do not hide single marks, and their dots
 * are not mistaken for marks. Above, names stay readable over thousands of dots.
 *
 * @param {import("leaflet").Map} map
 * @param {boolean} lifted
 */
export function liftNames(map, lifted) {
  const pane = map.getPane("names");
  if (pane) pane.style.zIndex = String(lifted ? NAMES_LIFTED : PANES.names);
}
