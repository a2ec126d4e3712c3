/**
 * From a spot on the map to the events there: the columns have no ids, so the server is asked for what lies at that spot in
 * the window that is shown.
 *
 * @import { Bounds, EventColumns, EventFeature, SelectionSource, Store, Translate } from "../types.js"
 * @import { Api, EventPage } from "../data/api.js"
 * @import { Hit } from "./hit.js"
 */
import { toProblem } from "../data/fetch-json.js";
import { itemsParameters } from "../data/query.js";
import { gridX, gridY, latitudeOf, longitudeOf } from "../lib/grid.js";
import { createLatest } from "../lib/latest.js";

/** Events of one spot that the card can step through. */
const MOST_STACKED = 100;

/** @typedef {(longitude: number, latitude: number) => Bounds} Around the box that is one spot for the pointer that is used */

/**
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {Pick<Api, "items">} options.api
 * @param {Translate} options.t
 * @returns {{ choose: (hit: Hit | null, around: Around) => Promise<void>, foresee: (hit: Hit | null, around: Around) => void }}
 *   no hit closes the card; `foresee` asks for what the pointer goes down on, so that the answer is on its way when it is lifted
 */
export function createChooser({ store, selection, api, t }) {
  const latest = createLatest();
  /** The newest question, and its answer. @type {{ text: string, page: Promise<EventPage> } | null} */
  let foreseen = null;

  /** @param {Hit} hit @param {EventColumns} columns @param {Around} around */
  function questionOf({ row }, columns, around) {
    const { shown, window, filters } = store.get();
    const bounds = around(longitudeOf(columns.x[row] ?? NaN), latitudeOf(columns.y[row] ?? NaN));
    return { ...itemsParameters({ window: shown ?? window, filters, bounds }), limit: MOST_STACKED };
  }

  /** @param {Hit | null} hit @param {Around} around */
  function foresee(hit, around) {
    foreseen = null;
    const columns = selection.get()?.columns;
    if (!hit || !columns || hit.shape) return;
    const question = questionOf(hit, columns, around);
    const page = api.items(question);
    page.catch(() => undefined); // whoever chooses it is told
    foreseen = { text: JSON.stringify(question), page };
  }

  /** @param {Hit | null} hit @param {Around} around */
  async function choose(hit, around) {
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
    const question = questionOf(hit, columns, around);
    const known = foreseen?.text === JSON.stringify(question) ? foreseen.page : null;
    foreseen = null;
    store.set({ loading: true });
    try {
      const page = await latest.run((signal) => known ?? api.items(question, signal));
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
  }

  return { choose, foresee };
}

/** @param {EventFeature} feature @param {{ x: number, y: number }} spot on the grid */
function isAt({ geometry }, { x, y }) {
  if (geometry.type !== "Point") return false;
  const [east = NaN, north = NaN] = geometry.coordinates;
  return gridX(east) === x && gridY(north) === y;
}
