/**
 * The map of the submission form: a click or a drag sets the pin, a circle shows the precision, and
 * possible duplicates are marked.
 *
 * @import { LonLat } from "../types.js"
 */
import { L } from "./leaflet.js";
import { createSmallMap, discAround, markNumbers, placePin, still } from "./small-map.js";

/** Minimum zoom for coordinates that were typed, and maximum zoom for their circle. */
const TYPED_ZOOM = 13;
const DISC_ZOOM = 16;
/** Decimal digits of a click: one metre. */
const DIGITS = 5;
const SAME_PLACE_M = 2;

/** @typedef {ReturnType<typeof createPlacePicker>} PlacePicker */

/**
 * Creates the map.
 * @param {HTMLElement} root
 * @param {import("./small-map.js").Ground & { pinLabel: string, onPick: (spot: LonLat) => void, }}
 *   options `pinLabel` is the accessible name of the pin; `onPick` is called when the reader moves
 *   the pin
 */
export function createPlacePicker(root, { pinLabel, onPick, ...ground }) {
  const map = createSmallMap(root, ground, { attributionControl: false, worldCopyJump: true });

  const events = L.layerGroup().addTo(map);
  const disc = L.polygon([], { className: "place-disc", interactive: false });
  const { view } = ground.theatre;
  const pin = placePin(L.latLng(view.latitude, view.longitude), { draggable: true, autoPan: true, alt: pinLabel });
  /** @type {number | null} metres */
  let precisionM = null;

  function drawDisc() {
    const { lat, lng } = pin.getLatLng();
    if (!precisionM || !map.hasLayer(pin)) {
      disc.remove();
      return;
    }
    disc.setLatLngs(discAround(lng, lat, precisionM)).addTo(map);
  }

  function notify() {
    const { lat, lng } = pin.getLatLng().wrap();
    onPick({ longitude: Number(lng.toFixed(DIGITS)), latitude: Number(lat.toFixed(DIGITS)) });
  }

  map.on("click", ({ latlng }) => {
    pin.setLatLng(latlng).addTo(map);
    drawDisc();
    notify();
  });
  pin.on("drag", drawDisc);
  pin.on("dragend", notify);

  return {
    /**
     * Moves the pin and the map to the position of the form; null removes the pin.
     *
     * @param {LonLat | null} spot
     */
    show(spot) {
      if (!spot) {
        pin.remove();
        drawDisc();
        return;
      }
      const at = L.latLng(spot.latitude, spot.longitude);
      // If the reader placed the pin, the map does not move.
      const isThere = map.hasLayer(pin) && pin.getLatLng().wrap().distanceTo(at) < SAME_PLACE_M;
      pin.setLatLng(at).addTo(map);
      drawDisc();
      if (!isThere) map.setView(at, Math.max(map.getZoom(), TYPED_ZOOM), { animate: false });
    },

    /**
     * Draws the precision.
     *
     * @param {number | null} metres
     */
    showPrecision(metres) {
      precisionM = metres;
      drawDisc();
      if (map.hasLayer(disc)) map.fitBounds(disc.getBounds().pad(1), { maxZoom: DISC_ZOOM, animate: !still });
    },

    /**
     * Marks possible duplicates with their numbers in the list beside the map.
     *
     * @param {LonLat[]} marked
     */
    mark(marked) {
      markNumbers(events, marked);
    },
  };
}
