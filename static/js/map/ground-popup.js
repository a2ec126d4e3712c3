/** The popup with the status of a place. It opens on a click where there is no event. */
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

/** Space for the controls over the map: header and filters above, the dock below. */
const CLEAR_ABOVE_PX = 120;
const CLEAR_BELOW_PX = 170;
const CLEAR_LEFT_PX = 16;
/** Space for the zoom buttons. */
const CLEAR_RIGHT_PX = 64;
/** Space for the frame of the popup. */
const FRAME_PX = 50;
const WIDEST_PX = 300;

/**
 * Creates the popup.
 * @param {import("leaflet").Map} map
 * @param {{ content: GroundContent, closeLabel: string }} options
 * @returns {(at: import("leaflet").LatLng) => void} opens the popup at a place, if there is content
 */
export function createGroundPopup(map, { content, closeLabel }) {
  const popup = L.popup({
    className: "ground-popup",
    minWidth: 220,
    maxWidth: Math.min(WIDEST_PX, map.getSize().x - CLEAR_LEFT_PX - CLEAR_RIGHT_PX - FRAME_PX),
    autoPanPaddingTopLeft: [CLEAR_LEFT_PX, CLEAR_ABOVE_PX],
    autoPanPaddingBottomRight: [CLEAR_RIGHT_PX, CLEAR_BELOW_PX],
  }).setContent(content.root);
  const update = () => {
    if (popup.isOpen()) popup.update();
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
    popup.setLatLng(at).openOn(map);
    popup.getElement()?.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", closeLabel);
  };
}
