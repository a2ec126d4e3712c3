/**
 * The map of the editors' pages and of the page of an event: shows the shape of an event with its
 * precision, the events nearby and a front line, and edits the shape with Leaflet-Geoman. A point
 * needs no Geoman.
 */
import { L } from "./leaflet.js";
import { metresToPixels } from "../lib/mercator.js";
import { createSmallMap, discAround, latLng, markNumbers, placePin } from "./small-map.js";

/** @typedef {ReturnType<typeof createDeskMap>} DeskMap */
/** @typedef {"Point" | "Line" | "Polygon"} Kind */

const NEAREST_ZOOM = 14;
const DIGITS = 6;

/**
 * Creates the map.
 * @param {HTMLElement} root
 * @param {import("./small-map.js").Ground & { label: string, onShape: (geometry: any) => void, }}
 *   options `label` is the accessible name of the point; `onShape` is called after drawing or
 *   moving
 */
export function createDeskMap(root, { label, onShape, ...ground }) {
  const map = createSmallMap(root, ground);

  /** Returns Geoman's part of a map or a layer; undefined if Geoman is not loaded. */
  const pm = (/** @type {any} */ thing) => thing.pm;
  pm(map)?.setGlobalOptions({ snappable: false, allowSelfIntersection: false, tooltips: false });

  // Geoman's corners are buttons without names. The GeoJSON field offers the same by keyboard.
  const corners = map.getPane("markerPane");
  new MutationObserver(() => {
    for (const corner of corners?.querySelectorAll(".marker-icon[role]") ?? []) {
      for (const name of ["role", "tabindex"]) corner.removeAttribute(name);
      corner.setAttribute("aria-hidden", "true");
    }
  }).observe(corners ?? root, { childList: true, subtree: true });

  const near = L.layerGroup().addTo(map);
  const ring = L.polygon([], { className: "desk-ring", interactive: false });
  /** @type {any} */
  let geometry = null;
  /** @type {any} layer of the shape */
  let layer = null;
  /** @type {number | null} metres */
  let precisionM = null;
  /** @type {Kind | null} shape that a click draws */
  let kind = null;

  function drawRing() {
    ring.remove();
    const style = { weight: 2, className: "desk-shape" };
    if (!geometry || !layer) return;
    if (geometry.type === "Point" && precisionM && precisionM > 0) {
      const [longitude, latitude] = geometry.coordinates;
      ring.setLatLngs(discAround(longitude, latitude, precisionM)).addTo(map);
    } else if (layer.setStyle && precisionM && precisionM > 0) {
      // The band around a line or an area shows its precision.
      const width = 2 * metresToPixels(precisionM, layer.getBounds().getCenter().lat, map.getZoom());
      band?.remove();
      band = L.geoJSON(geometry, { style: { className: "desk-band", weight: width, interactive: false } }).addTo(map);
      band.bringToBack();
      layer.setStyle(style);
    }
  }
  /** @type {any} */
  let band = null;
  map.on("zoomend", drawRing);

  function clear() {
    layer?.remove();
    band?.remove();
    ring.remove();
    layer = band = null;
  }

  /** Draws a shape. @param {any} shape */
  function show(shape) {
    clear();
    geometry = shape;
    if (!shape) return;
    try {
      layer = shape.type === "Point" ? marker(shape) : firstLayer(shape);
    } catch {
      geometry = null; // incomplete GeoJSON; the field shows the error
      return;
    }
    layer.addTo(map);
    if (kind) makeEditable();
    drawRing();
  }

  /** Creates the marker of a point. @param {any} shape */
  function marker(shape) {
    const created = placePin(latLng(shape.coordinates), { draggable: Boolean(kind), alt: label });
    created.on("drag dragend", () => {
      take(created.toGeoJSON(DIGITS).geometry, false);
    });
    return created;
  }

  /** Creates the layer of a line or an area. @param {any} shape */
  const firstLayer = (shape) => L.geoJSON(shape, { style: { weight: 2, className: "desk-shape" } }).getLayers()[0];

  function makeEditable() {
    if (!layer) return;
    if (geometry.type === "Point") {
      layer.dragging?.enable();
      return;
    }
    pm(layer)?.enable({ allowSelfIntersection: false });
    layer.off("pm:edit");
    layer.on("pm:edit", () => take(layer.toGeoJSON(DIGITS).geometry, false));
  }

  /**
   * Sets the shape.
   * @param {any} shape
   * @param {boolean} isReplaced whether the layer must be replaced
   */
  function take(shape, isReplaced) {
    if (isReplaced) show(shape);
    else {
      geometry = shape;
      drawRing();
    }
    onShape(shape);
  }

  map.on("click", ({ latlng }) => {
    if (kind !== "Point") return;
    const { lat, lng } = latlng.wrap();
    take({ type: "Point", coordinates: [Number(lng.toFixed(DIGITS)), Number(lat.toFixed(DIGITS))] }, true);
  });
  map.on(/** @type {any} */ ("pm:create"), (/** @type {any} */ created) => {
    const shape = created.layer.toGeoJSON(DIGITS).geometry;
    created.layer.remove();
    take(shape, true);
  });

  return {
    show,

    /** Draws the precision. @param {number | null} metres */
    showPrecision(metres) {
      precisionM = metres;
      band?.remove();
      band = null;
      drawRing();
    },

    /**
     * Enables editing the shape and drawing a new one.
     *
     * @param {Kind | null} what null: disables it
     */
    edit(what) {
      kind = what;
      pm(map)?.disableDraw();
      root.classList.toggle("drawing", what !== null);
      if (!what) {
        layer?.dragging?.disable();
        pm(layer ?? {})?.disable();
        return;
      }
      makeEditable();
    },

    /**
     * Starts drawing a line or an area; a click places a point. Returns false if this page cannot
     * draw the shape.
     * @param {Kind} what
     */
    draw(what) {
      kind = what;
      pm(map)?.disableDraw();
      if (what === "Point") return true;
      if (!pm(map)) return false;
      pm(map).enableDraw(what, { allowSelfIntersection: false, continueDrawing: false });
      return true;
    },

    /**
     * Marks events with their numbers in the list beside the map.
     *
     * @param {{ longitude: number, latitude: number }[]} marked
     */
    mark(marked) {
      markNumbers(near, marked);
    },

    /**
     * Draws a front line, and occupied ground, below the shape.
     *
     * @param {{ line: any, occupied: any }} shapes GeoJSON
     * @param {{ isOld: boolean }} how isOld: faded
     */
    showLine({ line, occupied }, { isOld }) {
      for (const [shape, name] of [
        [line, "desk-line"],
        [occupied, "desk-occupied"],
      ]) {
        const className = isOld ? `${name} old` : name;
        L.geoJSON(shape, { interactive: false, style: { className } }).addTo(map).bringToBack();
      }
    },

    /** Moves the map to the shape. @param {number} [maxZoom] shows the ground around it */
    look(maxZoom = NEAREST_ZOOM) {
      if (!layer) return;
      const bounds = map.hasLayer(ring)
        ? ring.getBounds()
        : (layer.getBounds?.() ?? L.latLngBounds([layer.getLatLng()]));
      map.fitBounds(bounds.pad(0.5), { maxZoom, animate: false });
    },
  };
}
