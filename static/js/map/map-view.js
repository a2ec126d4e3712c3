/**
 * The map: synchronises Leaflet's view with the store, and handles the events layer, the pointer
 * and the ring around the selected event.
 *
 * @import { Bounds, Config, EventFeature, SelectionSource, Store, TerritorySource, Translate, View } from "../types.js"
 * @import { Api } from "../data/api.js"
 * @import { Spots } from "../data/spot.js"
 * @import { GroundContent } from "./ground-popup.js"
 * @import { Hit } from "./hit.js"
 */
import { isolate } from "../lib/bidi.js";
import { toProblem } from "../data/fetch-json.js";
import { noticeTeller } from "../data/persistent.js";
import { idle } from "../lib/frame.js";
import { createLatest } from "../lib/latest.js";
import { middleOf } from "../lib/shape.js";
import { setProblem } from "../state/problems.js";
import { daysTouched } from "../time/day.js";
import { createAreasLayer } from "./areas-layer.js";
import { addBaseLayer, liftNames } from "./base-layer.js";
import { createChooser } from "./choose.js";
import { createEventsLayer } from "./events-layer.js";
import { createGroundPopup } from "./ground-popup.js";
import { L } from "./leaflet.js";
import { createPrintPicture } from "./print-picture.js";
import { showScale } from "./scale.js";
import { createTip } from "./tip.js";
import { createUncover } from "./uncover.js";

/**
 * Maximum distance of a pointer from a mark, in pixels. It is larger for touch, which is less
 * precise.
 */
const REACH_PX = 8;
const TOUCH_REACH_PX = 22;
/** Maximum delay before the map adapts to a new size, in milliseconds. */
const RESIZE_WITHIN_MS = 300;
const SHALLOWEST_ZOOM = 3;
const DEEPEST_ZOOM = 19;
/** Maximum difference of equal views, in degrees: less than a pixel at the highest zoom. */
const SAME_VIEW_DEGREES = 1e-6;

/**
 * Creates the map.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {TerritorySource} options.territory
 * @param {import("../data/comparison.js").ChangeSource} options.change
 * @param {Config} options.config
 * @param {Api} options.api
 * @param {Spots} options.spots
 * @param {Translate} options.t
 * @param {HTMLElement} options.zoom the two buttons, `data-zoom` 1 and -1
 * @param {HTMLElement} options.scale
 * @param {HTMLCanvasElement} options.picture the map for print
 * @param {HTMLElement} options.tip
 * @param {() => void} options.onNoTiles
 * @param {(hit: Hit, rows: number[]) => string} options.describe returns the text beside the
 *   pointer; `rows` are the events there
 * @param {GroundContent} options.groundContent
 */
export function createMapView(
  root,
  {
    store,
    selection,
    territory,
    change,
    config,
    api,
    spots,
    t,
    zoom,
    scale,
    picture,
    tip,
    onNoTiles,
    describe,
    groundContent,
  },
) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const { view } = store.get();
  const map = L.map(root, {
    center: [view.latitude, view.longitude],
    zoom: view.zoom,
    minZoom: SHALLOWEST_ZOOM,
    maxZoom: DEEPEST_ZOOM,
    zoomControl: false,
    attributionControl: false,
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
  });
  const { ground, tiles, language } = config;
  addBaseLayer(map, {
    ground,
    tiles,
    language,
    onFailure: onNoTiles,
    tellGround: noticeTeller({ store, part: "ground", what: t("The background map could not be loaded."), t }),
    tellNames: noticeTeller({ store, part: "names", what: t("The place names could not be loaded."), t }),
  });
  showScale(map, scale, language);
  createPrintPicture(map, picture, scale);
  createAreasLayer({ store, territory, change, config }).addTo(map);
  const events = createEventsLayer({ store, selection, onMany: (many) => liftNames(map, many) });
  events.layer.addTo(map);

  followView(map, store, still);
  bindZoom(map, zoom);
  ringChosen(events, { store, api, t, uncover: createUncover(map, still) });
  const places = createPlaceMark(map);

  const chooser = createChooser({ store, selection, spots, api, t });
  /**
   * Returns the event under a pointer event.
   *
   * @param {import("leaflet").Point} point
   * @param {Event} event
   */
  const hitBy = (point, event) =>
    events.hit(point, /** @type {PointerEvent} */ (event).pointerType === "touch" ? TOUCH_REACH_PX : REACH_PX);
  map.getContainer().addEventListener("pointerdown", (event) => {
    if (event.isPrimary && event.button === 0) chooser.foresee(hitBy(map.mouseEventToContainerPoint(event), event));
  });
  /** @type {ReturnType<typeof createGroundPopup> | null} */
  let openGround = null;
  map.on("click", ({ containerPoint, latlng, originalEvent }) => {
    const hit = hitBy(containerPoint, originalEvent);
    // While a card is open, a click beside it only closes the card.
    if (!hit && !store.get().selected) {
      openGround ??= createGroundPopup(map, { content: groundContent, closeLabel: t("Close") });
      openGround(latlng);
    }
    void chooser.choose(hit);
  });
  const { hide } = createTip(tip, map, {
    hit: (point) => events.hit(point, REACH_PX),
    describe: (hit) => describe(hit, chooser.rowsAt(hit)),
    titleOf: async (hit, signal) => (store.get().playing === null ? chooser.titleOf(hit, signal) : null),
  });
  store.watch((state) => state.shown, hide);
  selection.watch(hide);

  return {
    /**
     * Marks a search result until the next one; null removes the mark.
     *
     * @param {{ longitude: number, latitude: number, name: string } | null} place
     */
    markPlace: places.mark,

    /**
     * Fits a box into the visible part of the map.
     *
     * @param {Bounds} bounds
     */
    fit([west, south, east, north]) {
      map.fitBounds(
        [
          [south, west],
          [north, east],
        ],
        { padding: [80, 140], maxZoom: 12, animate: !still },
      );
    },
  };
}

/**
 * Synchronises the view of the map and the store, in both directions.
 *
 * @param {import("leaflet").Map} map
 * @param {Store} store
 * @param {boolean} still
 */
function followView(map, store, still) {
  const updateStore = () => {
    const { lat, lng } = map.getCenter();
    const box = map.getBounds();
    const view = { longitude: lng, latitude: lat, zoom: map.getZoom() };
    store.set({
      ...(!isSame(view, store.get().view) && { view }),
      bounds: [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()],
    });
  };
  map.on("moveend", updateStore);
  // The control that changed the map's size is drawn first, because painting a million events takes
  // longer.
  let resizing = false;
  const resized = async () => {
    if (resizing) return;
    resizing = true;
    await idle(RESIZE_WITHIN_MS);
    resizing = false;
    // If only the height changes, because the sheet does, the visible places stay where they are.
    map.invalidateSize({ animate: false, pan: map.getContainer().clientWidth !== map.getSize().x });
  };
  new ResizeObserver(() => void resized()).observe(map.getContainer());
  updateStore();
  store.watch(
    (state) => state.view,
    (view) => {
      const { lat, lng } = map.getCenter();
      if (isSame(view, { longitude: lng, latitude: lat, zoom: map.getZoom() })) return;
      map.setView([view.latitude, view.longitude], view.zoom, { animate: !still });
    },
  );
}

/** Returns whether two views are equal. @param {View} one @param {View} other */
function isSame(one, other) {
  return (
    Math.abs(one.longitude - other.longitude) < SAME_VIEW_DEGREES &&
    Math.abs(one.latitude - other.latitude) < SAME_VIEW_DEGREES &&
    one.zoom === other.zoom
  );
}

/** Connects the zoom buttons. @param {import("leaflet").Map} map @param {HTMLElement} root */
function bindZoom(map, root) {
  root.hidden = false;
  const buttons = [...root.querySelectorAll("button")];
  const update = () => {
    for (const button of buttons) {
      const inwards = button.dataset.zoom === "1";
      // Uses `aria-disabled`, because `disabled` would move the focus away from the button.
      button.ariaDisabled = String(map.getZoom() === (inwards ? map.getMaxZoom() : map.getMinZoom()));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => map.setZoom(map.getZoom() + Number(button.dataset.zoom)));
  }
  map.on("zoomend", update);
  update();
}

/**
 * Draws a ring around the selected event, and moves the map if a card covers it. For a selection on
 * the map, the ring uses the columns until the event is loaded.
 *
 * @param {import("./events-layer.js").EventsLayer} events
 * @param {{ store: Store, api: Api, t: Translate, uncover: ReturnType<typeof createUncover> }} parts
 */
function ringChosen(events, { store, api, t, uncover }) {
  const latest = createLatest();
  /** Loads and rings an event. @param {string} id */
  const ring = async (id) => {
    try {
      const event = await latest.run((signal) => api.item(id, signal));
      if (!event) return;
      setProblem(store, "selected event", null);
      events.choose(asChosen(event));
      if (store.get().panel === "card") uncover(event);
    } catch (error) {
      events.choose(null);
      // An open card shows the error itself.
      if (store.get().panel !== "card") {
        const problem = toProblem(error, t("The event could not be opened."), () => void ring(id), t);
        setProblem(store, "selected event", problem);
      }
    }
  };
  const follow = () => {
    const { outlined, selected } = store.get();
    if (!outlined && selected) return void ring(selected);
    latest.cancel();
    const [only] = outlined?.outlines ?? [];
    events.choose(only && outlined?.count === 1 ? asChosen(only) : null);
    if (only) uncover(only);
  };
  store.watch(({ outlined, selected }) => outlined ?? selected, follow);
  follow();
}

/**
 * Converts an event for the ring.
 *
 * @param {EventFeature | import("../data/outline.js").Outline} event
 */
function asChosen({ geometry, properties }) {
  const [longitude, latitude] = middleOf(geometry);
  return {
    longitude,
    latitude,
    geometry,
    precisionM: properties.precision_m,
    days: daysTouched(properties.happened_from, properties.happened_to),
    verification: properties.verification,
    side: properties.affected,
    actor: properties.actor,
    category: properties.category,
  };
}

/** Creates the mark of a search result. @param {import("leaflet").Map} map */
function createPlaceMark(map) {
  /** @type {import("leaflet").Tooltip | null} */
  let label = null;
  return {
    /**
     * Sets the mark.
     *
     * @param {{ longitude: number, latitude: number, name: string } | null} place
     */
    mark(place) {
      label?.remove();
      label = null;
      if (!place) return;
      const name = document.createElement("span");
      name.textContent = isolate(place.name);
      label = L.tooltip({
        permanent: true,
        direction: "right",
        offset: [6, 0],
        className: "place-mark",
        interactive: false,
      })
        .setLatLng([place.latitude, place.longitude])
        .setContent(name)
        .addTo(map);
    },
  };
}
