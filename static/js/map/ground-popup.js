/** The popup with the status of a place. It opens on a click where there is no event. */
import { clearRoom } from "../lib/free-room.js";
import { coversOf } from "./covers.js";
import { L } from "./leaflet.js";

/**
 * The content of the popup.
 *
 * @typedef {object} GroundContent
 * @property {HTMLElement} root
 * @property {(place: import("../types.js").LonLat, onResize: () => void) => boolean} open returns
 *   false if there is nothing to show
 * @property {() => void} close
 */

/** Space around the popup, and space for its frame and its tip. */
const MARGIN_PX = 8;
const FRAME_PX = 50;
const WIDEST_PX = 300;
const NARROWEST_PX = 220;
const LOWEST_PX = 96;

/**
 * Creates the popup.
 * @param {import("leaflet").Map} map
 * @param {{ content: GroundContent, closeLabel: string }} options
 * @returns {(at: import("leaflet").LatLng) => void} opens the popup at a place, if there is content
 */
export function createGroundPopup(map, { content, closeLabel }) {
  const popup = L.popup({ className: "ground-popup", minWidth: NARROWEST_PX }).setContent(content.root);

  /** Fits the popup into the part of the map that nothing covers; a longer text scrolls. */
  function fit() {
    const container = map.getContainer();
    const { clientWidth: right, clientHeight: bottom } = container;
    const room = clearRoom({ left: 0, top: 0, right, bottom }, coversOf(container));
    L.setOptions(popup, {
      maxWidth: Math.max(NARROWEST_PX, Math.min(WIDEST_PX, room.right - room.left - FRAME_PX)),
      maxHeight: Math.max(LOWEST_PX, room.bottom - room.top - FRAME_PX),
      autoPanPaddingTopLeft: [room.left + MARGIN_PX, room.top + MARGIN_PX],
      autoPanPaddingBottomRight: [right - room.right + MARGIN_PX, bottom - room.bottom + MARGIN_PX],
    });
  }

  const update = () => {
    if (!popup.isOpen()) return;
    fit();
    popup.update();
  };

  /**
   * Closes the popup with Escape, wherever the focus is. Other handlers for Escape do not run then.
   * @param {KeyboardEvent} event
   */
  function closeByKey(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    popup.close();
  }

  popup.on("add", () => document.addEventListener("keydown", closeByKey, { capture: true }));
  popup.on("remove", () => {
    document.removeEventListener("keydown", closeByKey, { capture: true });
    content.close();
  });

  return (at) => {
    const { lat: latitude, lng: longitude } = at.wrap();
    if (!content.open({ longitude, latitude }, update)) return;
    fit();
    popup.setLatLng(at).openOn(map);
    popup.getElement()?.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", closeLabel);
  };
}
