/**
 * The events at one position of the map: all points within a few pixels of an event that are in the
 * period and pass the filters. The text beside the pointer, the card and its list take the events
 * and their number from here, so they agree. The columns know the number; the events themselves are
 * requested page by page.
 *
 * @import { Bounds, DayRange, EventFeature, SelectionSource, Store } from "../types.js"
 * @import { Api } from "./api.js"
 * @import { Parameters } from "./query.js"
 */
import { STEPS, latitudeOf, longitudeOf } from "../lib/grid.js";
import { TILE_PX, mercatorX, mercatorY } from "../lib/mercator.js";
import { shownDays } from "../state/shown-days.js";
import { pointsIn } from "./in-box.js";
import { inOrderOfColumns } from "./outline.js";
import { cursorOf, itemsParameters } from "./query.js";

/** Events within this distance count as one position, pixels. */
const SPOT_PX = 3;
/** Number of events of a page. */
const PAGE = 50;

/**
 * @typedef {object} Spot
 * @property {string} key the same for the same events
 * @property {DayRange} days
 * @property {Parameters} parameters
 * @property {() => number[]} rows the rows there, newest first
 */

/** @typedef {{ events: EventFeature[], cursor: string | null }} SpotPage `cursor` null: the last */

/** @typedef {ReturnType<typeof createSpots>} Spots */

/**
 * Returns the box that counts as one position.
 *
 * @param {number} longitude
 * @param {number} latitude
 * @param {number} zoom
 * @returns {Bounds}
 */
export function boxAround(longitude, latitude, zoom) {
  const reach = SPOT_PX / (TILE_PX * 2 ** zoom);
  const [x, y] = [mercatorX(longitude), mercatorY(latitude)];
  return [
    longitudeOf((x - reach) * STEPS),
    latitudeOf((y + reach) * STEPS),
    longitudeOf((x + reach) * STEPS),
    latitudeOf((y - reach) * STEPS),
  ];
}

/**
 * Creates the source of spots.
 *
 * @param {{ store: Store, selection: SelectionSource, api: Pick<Api, "items"> }} parts
 */
export function createSpots({ store, selection, api }) {
  /** The first page of the latest spot. @type {{ key: string, page: SpotPage } | null} */
  let latest = null;

  /**
   * Loads a page, newest first.
   *
   * @param {Spot} spot
   * @param {string | null} cursor of the previous page; null: the first page
   * @param {AbortSignal} [signal]
   * @returns {Promise<SpotPage>}
   */
  async function load({ key, parameters }, cursor, signal) {
    const answer = await api.items({ ...parameters, limit: PAGE, cursor }, signal);
    const points = answer.features.filter(({ geometry }) => geometry.type === "Point");
    const page = { events: inOrderOfColumns(points), cursor: cursorOf(answer) };
    if (cursor === null) latest = { key, page };
    return page;
  }

  return {
    /**
     * Returns the spot of a box.
     *
     * @param {Bounds} bounds
     * @param {number[]} [among] restricts the search to these rows
     * @returns {Spot | null} null: no columns loaded
     */
    of(bounds, among) {
      const chosen = selection.get();
      if (!chosen) return null;
      const { filters } = store.get();
      const days = shownDays(store.get());
      const parameters = itemsParameters({ window: days, filters, bounds });
      return {
        key: JSON.stringify([chosen.columns.revision, parameters]),
        days,
        parameters,
        rows: () => pointsIn(chosen, days, bounds, among),
      };
    },

    load,

    /**
     * Returns the first page. No request is sent if it was loaded last.
     *
     * @param {Spot} spot
     * @param {AbortSignal} [signal]
     * @returns {Promise<SpotPage>}
     */
    first: async (spot, signal) => (latest?.key === spot.key ? latest.page : load(spot, null, signal)),
  };
}
