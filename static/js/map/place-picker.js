/**
 * The map of the form: a click or a drag puts the pin, a disc shows how exactly the place is known,
 * and the events that may be the same stand beside it.
 *
 * @import { LonLat } from "../types.js"
 */
import { L } from "./leaflet.js";
import { createSmallMap, discAround, markNumbers, placePin, still } from "./small-map.js";

/** A place that was typed is shown at least this near, and its disc at most this near. */
const TYPED_ZOOM = 13;
const DISC_ZOOM = 16;
/** As many digits as a click can mean: a metre. */
const DIGITS = 5;
const SAME_PLACE_M = 2;

/** @typedef {ReturnType<typeof createPlacePicker>} PlacePicker */

/**
 * @param {HTMLElement} root
 * @param {import("./small-map.js").Ground & { pinLabel: string, onPick: (spot: LonLat) => void, }}
 *   options `pinLabel` is what the pin is, for who does not see it; `onPick`: the pin was put
 *   somewhere by hand
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
     * Puts the pin where the form says, and goes there; null takes it away.
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
     * @param {LonLat[]} marked
     */
    mark(marked) {
      markNumbers(events, marked);
    },
  };
}
