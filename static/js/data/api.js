/**
 * The API, one function for each question that the page asks.
 *
 * @import { FeatureCollection, Point } from "geojson"
 * @import { AreaStatus, Claim, EventFeature, EventSource } from "../types.js"
 * @import { Parameters } from "./query.js"
 */
import { Lru } from "../lib/lru.js";
import { PATIENT_MS, fetchBytes, fetchJson } from "./fetch-json.js";
import { loadHistory } from "./load-history.js";
import { withQuery } from "./query.js";

const EVENTS = "/api/collections/events";
const PLACES = "/api/collections/places";
const TERRITORY = "/api/territory";

/**
 * @typedef {{ type: "FeatureCollection", features: EventFeature[], numberReturned: number,
 *   timeStamp: string, links: { rel: string, href: string, type?: string }[] }} EventPage
 */

/**
 * @typedef {object} PlaceProperties
 * @property {number} geonameid
 * @property {string} name
 * @property {Record<string, string>} names by language
 * @property {string} [matched] the spelling that matched
 * @property {"name" | "alternate" | "alias"} [matched_kind]
 * @property {string} country
 * @property {number | null} population
 * @property {string} kind
 * @property {number} [distance_m] from the place that was asked about
 * @property {number} [bearing] degrees from north
 */

/** @typedef {FeatureCollection<Point, PlaceProperties>} PlacePage */

/**
 * What one assessor says of a place: its areas there, none if it is in none.
 * @typedef {object} AssessmentThere
 * @property {string} assessor
 * @property {string} name
 * @property {string} valid_from RFC 3339
 * @property {{ status: AreaStatus, label: string | null, sources: EventSource[], claims: Claim[]
 *   }[]} areas
 */

/**
 * @typedef {{ longitude: number, latitude: number, assessments: AssessmentThere[] }} GroundThere
 */

/** @typedef {ReturnType<typeof createApi>} Api */

/** Cards that were open a moment ago open again at once. */
const REMEMBERED_EVENTS = 200;

/** Makes the API of one page. */
export function createApi() {
  /** @type {Lru<string, Promise<EventFeature>>} */
  const events = new Lru(REMEMBERED_EVENTS);

  return {
    /**
     * A page of events, newest first.
     *
     * @param {Parameters} parameters as `itemsParameters` gives them, with `limit`, `cursor` or
     *   `ids`
     * @param {AbortSignal} [signal]
     * @returns {Promise<EventPage>}
     */
    async items(parameters, signal) {
      const { body } = await fetchJson(withQuery(`${EVENTS}/items`, parameters), { signal });
      for (const event of body.features) events.set(event.id, Promise.resolve(event));
      return body;
    },

    /**
     * One event. Asked for twice, even at once, it is fetched once.
     *
     * @param {string} id
     * @param {AbortSignal} [signal] gives up waiting, not the request: somebody else may wait for
     *   it too
     * @returns {Promise<EventFeature>}
     */
    async item(id, signal) {
      let request = events.get(id);
      if (!request) {
        request = fetchJson(`${EVENTS}/items/${encodeURIComponent(id)}`).then(({ body }) => body);
        request.catch(() => events.delete(id));
        events.set(id, request);
      }
      const event = await request;
      signal?.throwIfAborted();
      return event;
    },

    /**
     * Some events, in the order of their ids: only when one of them is not remembered are they
     * asked for.
     *
     * @param {string[]} ids
     * @param {AbortSignal} [signal]
     * @returns {Promise<EventFeature[]>} without those that are no longer there
     */
    async several(ids, signal) {
      const known = ids.flatMap((id) => events.get(id) ?? []);
      if (known.length === ids.length) return Promise.all(known);
      const { features } = await this.items({ ids: ids.join(","), limit: ids.length }, signal);
      return ids.flatMap((id) => features.find((event) => event.id === id) ?? []);
    },

    /** Forgets what events said: there is a newer edition of them. */
    forgetEvents() {
      events.clear();
    },

    /**
     * The events that match in columns, as bytes.
     *
     * @param {Parameters} parameters
     * @param {AbortSignal} [signal]
     */
    columns: (parameters, signal) => fetchBytes(withQuery(`${EVENTS}/columns`, parameters), { signal }),

    /**
     * What the columns of all events are made of.
     *
     * @param {AbortSignal} signal
     * @param {string | null} etag of what the page has
     */
    columnsManifest: (signal, etag) => fetchJson(`${EVENTS}/columns/parts`, { signal, etag, plain: true }),

    /**
     * A part of them.
     *
     * @param {string} url as the manifest names it
     * @param {AbortSignal} signal
     */
    columnsPart: (url, signal) => fetchBytes(url, { signal, plain: true, timeoutMs: PATIENT_MS }),

    /**
     * All that an assessor ever drew.
     *
     * @param {import("../types.js").Assessor} assessor
     * @param {string | null} etag of what the page has
     */
    history: (assessor, etag) => loadHistory(assessor, etag),

    /**
     * What changed between the maps of two days.
     *
     * @param {{ assessor: string, from: string, to: string }} parameters days, `YYYY-MM-DD`
     * @param {AbortSignal} [signal]
     * @returns {Promise<import("./comparison.js").Change>}
     */
    async change(parameters, signal) {
      const { body } = await fetchJson(withQuery(`${TERRITORY}/change`, parameters), { signal });
      return body;
    },

    /**
     * What is said of the ground at a place on a day.
     *
     * @param {{ position: string, state_at: string }} parameters `position` is longitude,latitude
     * @param {AbortSignal} [signal]
     * @returns {Promise<GroundThere>}
     */
    async ground(parameters, signal) {
      const { body } = await fetchJson(withQuery(`${TERRITORY}/ground`, parameters), { signal });
      return body;
    },

    /**
     * How much ground had which status, assessment by assessment.
     *
     * @param {string} assessor
     * @param {AbortSignal} [signal]
     * @returns {Promise<import("./territory.js").Series>}
     */
    async series(assessor, signal) {
      const { body } = await fetchJson(withQuery(`${TERRITORY}/series`, { assessor }), { signal });
      return body;
    },

    /**
     * Places of the gazetteer by a spelling, best first; none when it has none.
     *
     * @param {string} q
     * @param {AbortSignal} [signal]
     * @returns {Promise<PlacePage>}
     */
    async places(q, signal) {
      const { body } = await fetchJson(withQuery(`${PLACES}/items`, { q, limit: 8 }), { signal });
      return body;
    },

    /**
     * The settlement nearest to a place.
     *
     * @param {number} longitude
     * @param {number} latitude
     * @param {AbortSignal} [signal]
     * @returns {Promise<PlacePage>}
     */
    async nearestPlace(longitude, latitude, signal) {
      const near = `${longitude.toFixed(5)},${latitude.toFixed(5)}`;
      const { body } = await fetchJson(withQuery(`${PLACES}/items`, { near, limit: 1 }), { signal });
      return body;
    },
  };
}
