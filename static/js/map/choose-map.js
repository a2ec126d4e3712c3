/**
 * The map for selecting events: a click selects or deselects one event, a rectangle or a lasso
 * selects all events inside. The list beside the map offers the same by keyboard.
 */
import { inside } from "../lib/inside.js";
import { L } from "./leaflet.js";
import { createSmallMap, latLng } from "./small-map.js";

/** @typedef {ReturnType<typeof createChooseMap>} ChooseMap */
/** @typedef {{ id: string, title: string, longitude: number, latitude: number }} Spot */
/** @typedef {"box" | "lasso"} Tool */

const NEAREST_ZOOM = 13;

/**
 * Creates the map.
 * @param {HTMLElement} root
 * @param {import("./small-map.js").Ground & { onToggle: (id: string) => void, onPoint: (spot: Spot)
 *   => void, onArea: (ids: string[]) => void, }} options
 */
export function createChooseMap(root, { onToggle, onPoint, onArea, ...ground }) {
  const map = createSmallMap(root, ground, { preferCanvas: true });
  /** @type {Map<string, { spot: Spot, mark: L.CircleMarker }>} */
  const marks = new Map();
  const area = L.polygon([], { className: "choose-area", interactive: false });
  /** @type {Tool | null} */
  let tool = null;
  /** @type {L.LatLng[] | null} the path of the pointer; null: not pressed */
  let way = null;

  const colour = (/** @type {string} */ name) => getComputedStyle(root).getPropertyValue(name).trim();

  /** Returns the style of an event. @param {boolean} isChosen */
  const look = (isChosen) => ({
    radius: isChosen ? 7 : 5,
    weight: 2,
    color: colour("--paper"),
    fillColor: isChosen ? colour("--front") : colour("--side-a"),
    fillOpacity: 1,
  });

  /** Selects the events within a polygon. @param {L.LatLng[]} corners */
  function choose(corners) {
    const ring = corners.map(({ lng, lat }) => /** @type {[number, number]} */ ([lng, lat]));
    onArea(
      [...marks.values()]
        .map(({ spot }) => spot)
        .filter((spot) => inside(ring, spot.longitude, spot.latitude))
        .map(({ id }) => id),
    );
  }

  /** Returns the corners of the selection. @param {L.LatLng[]} points */
  function cornersOf(points) {
    if (tool === "lasso" || points.length < 2) return points;
    const bounds = L.latLngBounds(points);
    return [bounds.getSouthWest(), bounds.getNorthWest(), bounds.getNorthEast(), bounds.getSouthEast()];
  }

  /** Returns the position of a pointer event. @param {PointerEvent} event */
  const spotOf = (event) => map.mouseEventToLatLng(event);

  root.addEventListener(
    "pointerdown",
    (event) => {
      if (!tool || event.button !== 0 || /** @type {Element} */ (event.target).closest(".leaflet-control")) return;
      event.stopPropagation();
      event.preventDefault();
      root.setPointerCapture(event.pointerId);
      way = [spotOf(event)];
      area.setLatLngs([]).addTo(map);
    },
    { capture: true },
  );
  root.addEventListener("pointermove", (event) => {
    const [first] = way ?? [];
    if (!way || !first) return;
    way = tool === "box" ? [first, spotOf(event)] : [...way, spotOf(event)];
    area.setLatLngs(cornersOf(way));
  });
  root.addEventListener("pointerup", () => {
    if (!way) return;
    const corners = cornersOf(way);
    way = null;
    area.remove();
    if (corners.length > 2) choose(corners);
  });
  root.addEventListener("pointercancel", () => {
    way = null;
    area.remove();
  });

  return {
    /**
     * Draws the events.
     *
     * @param {Spot[]} spots
     * @param {(id: string) => boolean} isChosen
     */
    show(spots, isChosen) {
      for (const { mark } of marks.values()) mark.remove();
      marks.clear();
      for (const spot of spots) {
        const mark = L.circleMarker(latLng([spot.longitude, spot.latitude]), look(isChosen(spot.id))).addTo(map);
        mark.on("mouseover", () => onPoint(spot));
        mark.on("click", () => {
          if (!tool) onToggle(spot.id);
        });
        marks.set(spot.id, { spot, mark });
      }
      if (spots.length) {
        const bounds = L.latLngBounds(spots.map(({ longitude, latitude }) => latLng([longitude, latitude])));
        map.fitBounds(bounds.pad(0.1), { maxZoom: NEAREST_ZOOM, animate: false });
      }
    },

    /**
     * Updates the styles after a change of the selection.
     * @param {(id: string) => boolean} isChosen
     */
    follow(isChosen) {
      for (const [id, { mark }] of marks) {
        const now = look(isChosen(id));
        mark.setStyle(now).setRadius(now.radius);
        if (isChosen(id)) mark.bringToFront();
      }
    },

    /** Activates a tool, or none: then a drag moves the map. @param {Tool | null} next */
    use(next) {
      tool = next;
      map.dragging[tool ? "disable" : "enable"]();
      map.boxZoom[tool ? "disable" : "enable"]();
      root.classList.toggle("drawing", tool !== null);
    },
  };
}
