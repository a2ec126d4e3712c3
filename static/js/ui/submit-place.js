/**
 * The place of the form: what is typed is understood while it is typed, as coordinates of any form
 * or as a name of the gazetteer, and said back; the map and the field always tell the same.
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
/** Coordinates that are written more coarsely than this say so. */
const COARSE_M = 50;

/**
 * @param {object} parts
 * @param {HTMLInputElement} parts.field
 * @param {HTMLElement} parts.list where the places that a name may mean are offered
 * @param {HTMLElement} parts.message where it is said how the text was understood
 * @param {HTMLElement | null} parts.choices what the page itself brought for a name that was sent:
 *   it stands, and works, until the list has taken its place
 * @param {Api} parts.api
 * @param {Record<string, string>} parts.reasons why a text is no place, by the API's codes
 * @param {Translate} parts.t
 * @param {string} parts.language
 * @param {(spot: LonLat | null) => void} parts.onChange the place is another one, or is not known
 *   any more
 */
export function createPlaceField({ field, list, message, choices, api, reasons, t, language, onChange }) {
  const options = createPlaceOptions(field, list);
  const latest = createLatest();
  const nearest = createLatest();
  /** @type {LonLat | null} */
  let spot = null;
  /** What is being understood. */
  let running = Promise.resolve();
  /** @type {ReturnType<typeof setTimeout> | undefined} until what was typed is looked at */
  let pause;

  /** @param {LonLat | null} found */
  function set(found) {
    const same = found?.longitude === spot?.longitude && found?.latitude === spot?.latitude;
    spot = found;
    if (!same) onChange(found);
  }

  /** @param {string} words @param {boolean} [bad] */
  function showMessage(words, bad = false) {
    message.textContent = words;
    message.classList.toggle("not-understood", bad);
    message.classList.remove("stale");
  }

  /**
   * A place that needs no understanding: the pin of the map, an entry of the list, a suggestion
   * that was taken.
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
   * Shows the coordinates of a place, and how far it is from the nearest settlement.
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
      // The settlement is an aid; what was understood stands without it.
    }
  }

  /** @param {AbortSignal} signal @param {string} text @param {string} [near] */
  async function readCoordinates(signal, text, near) {
    const { body } = await fetchJson(withQuery("/api/coordinates", { text, near }), { signal });
    return body;
  }

  /** @param {string} text */
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
      const { what, why } = toProblem(error, t("The place could not be found."), null, t);
      showMessage(`${what} ${why}`, true);
    }
  }

  /**
   * Offers the places that a name may mean.
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
    choices?.remove(); // they are of another text
    clearTimeout(pause);
    pause = setTimeout(start, PAUSE_MS);
    message.classList.add("stale"); // it speaks of another text
  });
  if (field.value.trim()) start();

  return {
    take,
    get: () => spot,

    /** Waits until what was typed last is understood, or is known not to be. */
    async settled() {
      if (pause !== undefined) start();
      await running;
      return spot;
    },
  };
}
