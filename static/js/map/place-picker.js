/**
 * The map of the form: a click or a drag puts the pin, a disc shows how exactly the place is known, and the events that may
 * be the same stand beside it.
 *
 * @import { Config } from "../types.js"
 * @import { Spot } from "../ui/submit-draft.js"
 */
import { addBaseLayer } from "./base-layer.js";
import { L } from "./leaflet.js";
import { discRing } from "./precision.js";

/** A place that was typed is shown at least this near, and its disc at most this near. */
const TYPED_ZOOM = 13;
const DISC_ZOOM = 16;
const DEEPEST_ZOOM = 19;
const SHALLOWEST_ZOOM = 3;
/** As many digits as a click can mean: a metre. */
const DIGITS = 5;
const SAME_PLACE_M = 2;

/** @typedef {ReturnType<typeof createPlacePicker>} PlacePicker */

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {Config["theatre"]} options.theatre
 * @param {Config["tiles"]} options.tiles
 * @param {Config["ground"]} options.ground
 * @param {string} options.language
 * @param {string} options.pinLabel what the pin is, for who does not see it
 * @param {(spot: Spot) => void} options.onPick the pin was put somewhere by hand
 */
export function createPlacePicker(root, { theatre, tiles, ground, language, pinLabel, onPick }) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const { view } = theatre;
  const map = L.map(root, {
    center: [view.latitude, view.longitude],
    zoom: view.zoom,
    minZoom: SHALLOWEST_ZOOM,
    maxZoom: DEEPEST_ZOOM,
    attributionControl: false,
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
    worldCopyJump: true,
  });
  addBaseLayer(map, { ground, tiles, language, onFailure() {} });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(root);

  const events = L.layerGroup().addTo(map);
  const disc = L.polygon([], { className: "place-disc", interactive: false });
  const pin = L.marker([view.latitude, view.longitude], {
    draggable: true,
    autoPan: true,
    keyboard: false, // the field beside it takes the same by keyboard
    alt: pinLabel,
    icon: L.divIcon({ className: "place-pin", iconSize: [28, 36], iconAnchor: [14, 34] }),
  });
  /** @type {number | null} metres */
  let precisionM = null;

  function drawDisc() {
    const { lat, lng } = pin.getLatLng();
    if (!precisionM || !map.hasLayer(pin)) {
      disc.remove();
      return;
    }
    disc.setLatLngs(discRing(lng, lat, precisionM).map(([longitude, latitude]) => L.latLng(latitude, longitude)));
    disc.addTo(map);
  }

  function tell() {
    const { lat, lng } = pin.getLatLng().wrap();
    onPick({ longitude: Number(lng.toFixed(DIGITS)), latitude: Number(lat.toFixed(DIGITS)) });
  }

  map.on("click", ({ latlng }) => {
    pin.setLatLng(latlng).addTo(map);
    drawDisc();
    tell();
  });
  pin.on("drag", drawDisc);
  pin.on("dragend", tell);

  return {
    /**
     * Puts the pin where the form says, and goes there; null takes it away.
     *
     * @param {Spot | null} spot
     */
    show(spot) {
      if (!spot) {
        pin.remove();
        drawDisc();
        return;
      }
      const at = L.latLng(spot.latitude, spot.longitude);
      // Whoever put the pin there by hand sees it already.
      const isThere = map.hasLayer(pin) && pin.getLatLng().wrap().distanceTo(at) < SAME_PLACE_M;
      pin.setLatLng(at).addTo(map);
      drawDisc();
      if (!isThere) map.setView(at, Math.max(map.getZoom(), TYPED_ZOOM), { animate: false });
    },

    /**
     * Draws how exactly the place is known.
     *
     * @param {number | null} metres
     */
    showPrecision(metres) {
      precisionM = metres;
      drawDisc();
      if (map.hasLayer(disc)) map.fitBounds(disc.getBounds().pad(1), { maxZoom: DISC_ZOOM, animate: !still });
    },

    /**
     * Marks the events that may be the same with their numbers in the list beside the map.
     *
     * @param {Spot[]} marked
     */
    mark(marked) {
      events.clearLayers();
      marked.forEach(({ longitude, latitude }, index) => {
        const number = document.createElement("span");
        number.textContent = String(index + 1);
        L.marker([latitude, longitude], {
          icon: L.divIcon({ className: "place-event", html: number, iconSize: [20, 20] }),
          interactive: false,
          keyboard: false,
        }).addTo(events);
      });
    },
  };
}
