/**
 * The API client, one function for each endpoint.
 *
 * @import { FeatureCollection, Point } from "geojson"
 * @import { AreaStatus, Claim, EventFeature, EventSource } from "../types.js"
 * @import { Parameters } from "./query.js"
 */
import { Lru } from "../lib/lru.js";
import { PATIENT_MS, fetchBytes, fetchJson } from "./fetch-json.js";
import { loadHistory } from "./load-history.js";
import { withQuery } from "./query.js";

const COLLECTIONS = "/api/collections";
const EVENTS = `${COLLECTIONS}/events`;
const PLACES = `${COLLECTIONS}/places`;
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
 * @property {number} [distance_m] from the requested place
 * @property {number} [bearing] degrees from north
 */

/** @typedef {FeatureCollection<Point, PlaceProperties>} PlacePage */

/**
 * One assessor's areas at a place; empty if the place is in no area.
 * @typedef {object} AssessmentThere
 * @property {string} assessor
 * @property {string} name
 * @property {string} valid_from RFC 3339
 * @property {string} last_seen_at when the same areas were last seen
 * @property {number} age_days on the requested day
 * @property {{ status: AreaStatus, label: string | null, sources: EventSource[], claims: Claim[]
 *   }[]} areas
 */

/**
 * @typedef {{ longitude: number, latitude: number, assessments: AssessmentThere[] }} GroundThere
 */

/** @typedef {ReturnType<typeof createApi>} Api */

/** Size of the event cache. */
const REMEMBERED_EVENTS = 200;

/** Creates the API client. */
export function createApi() {
  /** @type {Lru<string, Promise<EventFeature>>} */
  const events = new Lru(REMEMBERED_EVENTS);

  return {
    /**
     * Fetches a page of events, newest first.
     *
     * @param {Parameters} parameters from `itemsParameters`, with `limit`, `cursor` or `ids`
     * @param {AbortSignal} [signal]
     * @returns {Promise<EventPage>}
     */
    async items(parameters, signal) {
      const { body } = await fetchJson(withQuery(`${EVENTS}/items`, parameters), { signal });
      for (const event of body.features) events.set(event.id, Promise.resolve(event));
      return body;
    },

    /**
     * Fetches one event. Events are cached, and concurrent requests for the same event share one
     * request.
     *
     * @param {string} id
     * @param {AbortSignal} [signal] stops waiting; the shared request continues
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
     * Fetches several events, in the order of their ids. No request is sent if all are cached.
     *
     * @param {string[]} ids
     * @param {AbortSignal} [signal]
     * @returns {Promise<EventFeature[]>} without deleted events
     */
    async several(ids, signal) {
      const cached = ids.flatMap((id) => events.get(id) ?? []);
      if (cached.length === ids.length) return Promise.all(cached);
      const { features } = await this.items({ ids: ids.join(","), limit: ids.length }, signal);
      return ids.flatMap((id) => features.find((event) => event.id === id) ?? []);
    },

    /** Clears the event cache. Call this when there is a newer edition. */
    forgetEvents() {
      events.clear();
    },

    /**
     * Fetches the columns of the matching events, as bytes.
     *
     * @param {Parameters} parameters
     * @param {AbortSignal} [signal]
     */
    columns: (parameters, signal) => fetchBytes(withQuery(`${EVENTS}/columns`, parameters), { signal }),

    /**
     * Fetches the manifest of the columns of all events.
     *
     * @param {AbortSignal} signal
     * @param {string | null} etag of the manifest that the page has
     */
    columnsManifest: (signal, etag) => fetchJson(`${EVENTS}/columns/parts`, { signal, etag, plain: true }),

    /**
     * Fetches a part of the columns.
     *
     * @param {string} url from the manifest
     * @param {AbortSignal} signal
     */
    columnsPart: (url, signal) => fetchBytes(url, { signal, plain: true, timeoutMs: PATIENT_MS }),

    /**
     * Fetches an assessor's complete history.
     *
     * @param {import("../types.js").Assessor} assessor
     * @param {string | null} etag of the manifest that the page has
     */
    history: (assessor, etag) => loadHistory(assessor, etag),

    /**
     * Fetches an assessor's front line on a day, and the occupied ground in a box.
     *
     * @param {{ assessor: string, state_at: string, bbox: string }} parameters
     * @returns {Promise<{ line: FeatureCollection, occupied: FeatureCollection }>}
     */
    async lineAround({ bbox, ...parameters }) {
      const [line, occupied] = await Promise.all([
        fetchJson(withQuery(`${COLLECTIONS}/front-lines/items`, parameters)),
        fetchJson(withQuery(`${COLLECTIONS}/control-areas/items`, { ...parameters, bbox, status: "occupied" })),
      ]);
      return { line: line.body, occupied: occupied.body };
    },

    /**
     * Fetches the changes of the front line between two days.
     *
     * @param {{ assessor: string, from: string, to: string }} parameters days, `YYYY-MM-DD`
     * @param {AbortSignal} [signal]
     * @returns {Promise<Omit<import("./comparison.js").Change, "asked">>}
     */
    async change(parameters, signal) {
      const { body } = await fetchJson(withQuery(`${TERRITORY}/change`, parameters), { signal });
      return body;
    },

    /**
     * Fetches the status of a place on a day.
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
     * Fetches the area of each status, assessment by assessment.
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
     * Searches the gazetteer, best match first.
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
     * Finds the settlement nearest to a place.
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
