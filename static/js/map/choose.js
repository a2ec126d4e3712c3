/**
 * From a spot on the map to the events there: the columns have no ids, so the server is asked for what lies at that spot in
 * the window that is shown.
 *
 * @import { Bounds, EventFeature, SelectionSource, Store, Translate } from "../types.js"
 * @import { Api } from "../data/api.js"
 * @import { Hit } from "./hit.js"
 */
import { toProblem } from "../data/fetch-json.js";
import { itemsParameters } from "../data/query.js";
import { gridX, gridY, latitudeOf, longitudeOf } from "../lib/grid.js";
import { createLatest } from "../lib/latest.js";

/** Events of one spot that the card can step through. */
const MOST_STACKED = 100;

/**
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {Pick<Api, "items">} options.api
 * @param {Translate} options.t
 * @returns {(hit: Hit | null, around: (longitude: number, latitude: number) => Bounds) => Promise<void>} `around` is the box
 *   that is one spot for the pointer that was used; no hit closes the card
 */
export function createChooser({ store, selection, api, t }) {
  const latest = createLatest();

  return async function choose(hit, around) {
    const columns = selection.get()?.columns;
    if (!hit || !columns) {
      latest.cancel();
      const { panel, selected } = store.get();
      if (selected) store.set({ selected: null, stacked: [], panel: panel === "card" ? null : panel });
      return;
    }
    const shape = hit.shape ? columns.shapes.get(hit.row) : undefined;
    const spot = { x: columns.x[hit.row] ?? NaN, y: columns.y[hit.row] ?? NaN };
    if (shape) {
      latest.cancel();
      store.set({ selected: shape.id, stacked: [shape.id], panel: "card" });
      return;
    }
    const { shown, window, filters } = store.get();
    const bounds = around(longitudeOf(spot.x), latitudeOf(spot.y));
    store.set({ loading: true });
    try {
      const parameters = { ...itemsParameters({ window: shown ?? window, filters, bounds }), limit: MOST_STACKED };
      const page = await latest.run((signal) => api.items(parameters, signal));
      if (!page) return;
      const features = page.features.filter(({ geometry }) => geometry.type === "Point");
      const selected = features.find((feature) => isAt(feature, spot)) ?? features[0];
      if (!selected) throw new Error("the columns and the items do not agree");
      store.set({
        loading: false,
        selected: selected.id,
        stacked: features.map(({ id }) => id),
        panel: "card",
      });
    } catch (error) {
      store.set({
        loading: false,
        problem: toProblem(error, t("The event could not be opened."), () => void choose(hit, around), t),
      });
    }
  };
}

/** @param {EventFeature} feature @param {{ x: number, y: number }} spot on the grid */
function isAt({ geometry }, { x, y }) {
  if (geometry.type !== "Point") return false;
  const [east = NaN, north = NaN] = geometry.coordinates;
  return gridX(east) === x && gridY(north) === y;
}
