/**
 * The place field of the form. The text is parsed while the reader types, as coordinates in any
 * notation or as a place name, and the result is shown. The field and the map always have the same
 * place.
 */
import { formatDistance } from "../lib/numbers.js";
import { fetchJson, toProblem } from "../data/fetch-json.js";
import { withQuery } from "../data/query.js";
import { formatDecimal } from "../lib/coordinates.js";
import { createLatest } from "../lib/latest.js";
import { createPlaceOptions } from "./place-options.js";
import { fromPlaceText, placeText } from "./where-text.js";

/** @import { Translate } from "../types.js" */
/** @import { Api } from "../data/api.js" */
/** @import { LonLat } from "../types.js" */

const PAUSE_MS = 250;
/** Coordinates less precise than this get a note. */
const COARSE_M = 50;

/**
 * Creates the field.
 * @param {object} parts
 * @param {HTMLInputElement} parts.field
 * @param {HTMLElement} parts.list list of suggestions
 * @param {HTMLElement} parts.message element for the result
 * @param {HTMLElement | null} parts.choices choices rendered by the server, used until the list
 *   replaces them
 * @param {Api} parts.api
 * @param {Record<string, string>} parts.reasons error messages by the API's codes
 * @param {Translate} parts.t
 * @param {string} parts.language
 * @param {(spot: LonLat | null) => void} parts.onChange called when the place changes or becomes
 *   unknown
 */
export function createPlaceField({ field, list, message, choices, api, reasons, t, language, onChange }) {
  const options = createPlaceOptions(field, list);
  const latest = createLatest();
  const nearest = createLatest();
  /** @type {LonLat | null} */
  let spot = null;
  /** The running parse. */
  let running = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} delay before parsing */
  let pause;

  /** Sets the place. @param {LonLat | null} found */
  function set(found) {
    const same = found?.longitude === spot?.longitude && found?.latitude === spot?.latitude;
    spot = found;
    if (!same) onChange(found);
  }

  /** Shows the result. @param {string} words @param {boolean} [bad] */
  function showMessage(words, bad = false) {
    message.textContent = words;
    message.classList.toggle("unreadable", bad);
    message.classList.remove("stale");
  }

  /**
   * Takes a place without parsing: from the map, the list or a suggestion.
   *
   * @param {LonLat} found
   */
  function take(found) {
    clearTimeout(pause);
    pause = undefined;
    latest.cancel();
    options.close();
    field.value = formatDecimal(found.longitude, found.latitude);
    field.dispatchEvent(new Event("change", { bubbles: true }));
    set(found);
    void showSettlement(found, "");
  }

  /**
   * Shows the coordinates of a place, and its distance from the nearest settlement.
   *
   * @param {LonLat} found
   * @param {string} note
   */
  async function showSettlement(found, note) {
    const decimal = formatDecimal(found.longitude, found.latitude);
    showMessage([t("Location: {place}", { place: decimal }), note].filter(Boolean).join(" · "));
    try {
      const page = await nearest.run((signal) => api.nearestPlace(found.longitude, found.latitude, signal));
      const { properties } = page?.features[0] ?? {};
      if (!properties) return;
      const name = placeText(properties, t, language);
      const { distance_m: distance = 0, bearing = 0 } = properties;
      const where = fromPlaceText(name, distance, bearing, t, language);
      showMessage([t("Location: {place}", { place: decimal }), where, note].filter(Boolean).join(" · "));
    } catch {
      // The settlement is optional.
    }
  }

  /**
   * Sends the text to the API for parsing.
   * @param {AbortSignal} signal
   * @param {string} text
   * @param {string} [near]
   */
  async function readCoordinates(signal, text, near) {
    const { body } = await fetchJson(withQuery("/api/coordinates", { text, near }), { signal });
    return body;
  }

  /** Parses the text. @param {string} text */
  async function understand(text) {
    nearest.cancel();
    if (!text) {
      latest.cancel();
      options.close();
      showMessage("");
      return set(null);
    }
    try {
      await latest.run(async (signal) => {
        let read = await readCoordinates(signal, text);
        if (read.reason === "needs-reference" && read.reference) {
          const [town] = (await api.places(read.reference, signal)).features;
          if (town) read = await readCoordinates(signal, text, town.geometry.coordinates.join(","));
        }
        if (signal.aborted) return;
        if (read.place) {
          choices?.remove();
          const { longitude, latitude, precision_m: precisionM } = read.place;
          options.close();
          set({ longitude, latitude });
          const coarse = precisionM > COARSE_M;
          const note = coarse
            ? t("coordinates given to about {distance}", { distance: formatDistance(precisionM, language) })
            : "";
          void showSettlement({ longitude, latitude }, note);
          return;
        }
        set(null);
        if (read.reason === "not-coordinates") await offer(signal, text);
        else showMessage(reasons[read.reason] ?? t(read.message), true);
        if (!signal.aborted) choices?.remove();
      });
    } catch (error) {
      set(null);
      const { what, why } = toProblem(error, t("The place search failed."), null, t);
      showMessage(`${what} ${why}`, true);
    }
  }

  /**
   * Shows the places that match a name.
   *
   * @param {AbortSignal} signal
   * @param {string} text
   */
  async function offer(signal, text) {
    const { features } = await api.places(text.slice(0, 200), signal);
    if (signal.aborted) return;
    options.show(
      features.map(({ geometry, properties }) => {
        const [longitude = 0, latitude = 0] = geometry.coordinates;
        const matched = properties.matched !== properties.name ? properties.matched : undefined;
        return {
          words: placeText({ ...properties, as_spelled: matched }, t, language),
          note: formatDecimal(longitude, latitude),
          pick: () => take({ longitude, latitude }),
        };
      }),
    );
    if (features.length) showMessage(t("Choose one of these places."));
    else showMessage(reasons["not-coordinates"] ?? "", true);
  }

  function start() {
    clearTimeout(pause);
    pause = undefined;
    running = understand(field.value.trim());
  }

  choices?.addEventListener("change", (event) => {
    field.value = /** @type {HTMLInputElement} */ (event.target).value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    start();
  });
  field.addEventListener("input", () => {
    choices?.remove(); // they belong to the previous text
    clearTimeout(pause);
    pause = setTimeout(start, PAUSE_MS);
    message.classList.add("stale"); // it belongs to the previous text
  });
  if (field.value.trim()) start();

  return {
    take,
    get: () => spot,

    /** Waits until the current text is parsed. */
    async settled() {
      if (pause !== undefined) start();
      await running;
      return spot;
    },
  };
}
