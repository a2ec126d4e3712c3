/**
 * What lies under the events: our own ground, over it raster tiles where the installation has some,
 * and where there are none, or none come, the names of places. That tiles do not come is told once,
 * and the map goes on without them.
 *
 * @import { Config } from "../types.js"
 */
import { addGroundLayer } from "./ground-layer.js";
import { L } from "./leaflet.js";
import { createNamesLayer } from "./names-layer.js";

/**
 * So many tiles must fail after the last that came, before it is told: a single one may be missing
 * anywhere.
 */
const FAILURES_TOLD = 4;
/**
 * What lies over what: our ground, tiles (Leaflet's own pane, 200), areas, names, events (Leaflet's
 * own, 400).
 */
const PANES = { ground: 150, areas: 350, names: 380 };
const NAMES_LIFTED = 450;

/**
 * @param {import("leaflet").Map} map
 * @param {object} options
 * @param {Config["ground"]} options.ground
 * @param {Config["tiles"]} options.tiles
 * @param {string} options.language of the names
 * @param {() => void} options.onFailure called once
 */
export function addBaseLayer(map, { ground, tiles, language, onFailure }) {
  for (const [name, order] of Object.entries(PANES)) map.createPane(name).style.zIndex = String(order);
  if (ground) void addGroundLayer(map, ground);
  const names = createNamesLayer(map, language);
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
    names.show(false); // the tiles have their own
  });
  layer.on("tileerror", ({ tile }) => {
    tile.hidden = true; // a browser draws a broken picture's frame
    failed++;
    if (failed < FAILURES_TOLD) return;
    names.show(true);
    if (!hasFailed) onFailure();
    hasFailed = true;
  });
  layer.addTo(map);
}

/**
 * Puts the names above the events, or below them again. A name hides what a single mark says, and
 * its dot would look like a part of the mark; but a name under thousands of dots cannot be read.
 *
 * @param {import("leaflet").Map} map
 * @param {boolean} lifted
 */
export function liftNames(map, lifted) {
  const pane = map.getPane("names");
  if (pane) pane.style.zIndex = String(lifted ? NAMES_LIFTED : PANES.names);
}
