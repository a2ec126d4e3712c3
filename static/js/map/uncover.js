/**
 * Moves the map when the mark of a selected event lies outside the view or under other elements.
 *
 * @import { Bounds, EventFeature } from "../types.js"
 */
import { freePlace } from "../lib/free-room.js";
import { boundsOf, middleOf, overlap } from "../lib/shape.js";
import { coversOf } from "./covers.js";

/** Space around the mark: the ring, and the corners of a sheet, which cover the edge of the map. */
const MARGIN_PX = 26;

/**
 * Creates the function that shows an event. It moves the map once, in the next frame, because the
 * panel opens at the same time.
 *
 * @param {import("leaflet").Map} map
 * @param {boolean} still whether the map moves without animation
 * @returns {(event: Pick<EventFeature, "geometry">) => void}
 */
export function createUncover(map, still) {
  let frame = 0;

  /** @param {Pick<EventFeature, "geometry">} event */
  function show({ geometry }) {
    const box = map.getBounds();
    /** @type {Bounds} */
    const bounds = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
    // A line that crosses the view is visible enough.
    if (geometry.type !== "Point" && overlap(boundsOf(geometry), bounds)) return;
    const [longitude, latitude] = middleOf(geometry);
    // The copy of the world that is nearest to the centre, if the map was dragged around the globe.
    const turns = Math.round((map.getCenter().lng - longitude) / 360);
    const mark = map.latLngToContainerPoint([latitude, longitude + turns * 360]);
    const container = map.getContainer();
    const room = { left: 0, top: 0, right: container.clientWidth, bottom: container.clientHeight };
    const free = freePlace(mark, room, coversOf(container), MARGIN_PX);
    if (free) map.panBy([mark.x - free.x, mark.y - free.y], { animate: !still });
  }

  return (event) => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => show(event));
  };
}
