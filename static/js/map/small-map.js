/**
 * Shared parts of the small maps of forms: creating the map, the pin, and numbered events.
 *
 * @import { Config } from "../types.js"
 */
import { isolate } from "../lib/bidi.js";
import { addBaseLayer } from "./base-layer.js";
import { L } from "./leaflet.js";
import { discRing } from "../lib/mercator.js";

/**
 * @typedef {object} Ground
 * @property {Config["theatre"]} theatre
 * @property {Config["tiles"]} tiles
 * @property {Config["ground"]} ground
 * @property {string} language
 */

const DEEPEST_ZOOM = 19;
const SHALLOWEST_ZOOM = 3;

/** Whether the reader prefers reduced motion. */
export const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Converts a position to Leaflet's order. @param {readonly number[]} spot longitude, latitude */
export const latLng = ([longitude = 0, latitude = 0]) => L.latLng(latitude, longitude);

/** Escapes a text that Leaflet would read as markup. @param {string} text */
const escapeMarkup = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Creates a map of the theatre.
 *
 * @param {HTMLElement} root
 * @param {Ground} ground
 * @param {Record<string, unknown>} [more] options of Leaflet
 */
export function createSmallMap(root, { theatre, tiles, ground, language }, more = {}) {
  const { view } = theatre;
  const map = L.map(root, {
    center: [view.latitude, view.longitude],
    zoom: view.zoom,
    minZoom: SHALLOWEST_ZOOM,
    maxZoom: DEEPEST_ZOOM,
    attributionControl: Boolean(tiles),
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
    ...more,
  });
  if (tiles && map.attributionControl) {
    map.attributionControl.setPrefix(false).addAttribution(escapeMarkup(isolate(tiles.attribution)));
  }
  addBaseLayer(map, { ground, tiles, language, onFailure() {} });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(root);
  return map;
}

/**
 * Creates a pin. The field beside the map offers the same by keyboard.
 *
 * @param {L.LatLng} at
 * @param {Record<string, unknown> & { alt: string }} options
 */
export const placePin = (at, options) =>
  L.marker(at, {
    keyboard: false,
    icon: L.divIcon({ className: "place-pin", iconSize: [28, 36], iconAnchor: [14, 34] }),
    ...options,
    alt: isolate(options.alt),
  });

/**
 * Returns the corners of a circle.
 * @param {number} longitude
 * @param {number} latitude
 * @param {number} metres
 */
export const discAround = (longitude, latitude, metres) => discRing(longitude, latitude, metres).map(latLng);

/**
 * Marks events with their numbers in the list beside the map.
 *
 * @param {L.LayerGroup} group
 * @param {{ longitude: number, latitude: number }[]} marked
 */
export function markNumbers(group, marked) {
  group.clearLayers();
  marked.forEach(({ longitude, latitude }, index) => {
    const number = document.createElement("span");
    number.textContent = String(index + 1);
    L.marker([latitude, longitude], {
      icon: L.divIcon({ className: "place-event", html: number, iconSize: [20, 20] }),
      interactive: false,
      keyboard: false,
    }).addTo(group);
  });
}
