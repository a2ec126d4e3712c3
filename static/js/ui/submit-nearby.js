/**
 * Possible duplicates and warnings: shown while the form is filled in, and confirmed before
 * sending.
 */
import { formatDistance } from "../lib/numbers.js";
import { formatDecimal } from "../lib/coordinates.js";
import { element } from "./element.js";
import { whenText } from "./when-text.js";

/** @import { Translate } from "../types.js" */
/** @import { LonLat } from "../types.js" */
/** @import { NearbyEvent, Warning } from "../data/submissions.js" */

/**
 * Creates the list of possible duplicates.
 *
 * @param {{ section: HTMLElement, list: HTMLElement, t: Translate, language: string }} parts
 */
export function createNearby({ section, list, t, language }) {
  /** Creates the row of an event. @param {NearbyEvent} event */
  function row(event) {
    const { text, note } = whenText({ ...event, time_inferred: false }, t, language);
    const details = [
      note ? `${text} (${note})` : text,
      event.distance_m === null ? "" : t("{distance} away", { distance: formatDistance(event.distance_m, language) }),
    ];
    return element(
      "li",
      {},
      eventLink(event.id, event.title),
      element("span", { class: "note" }, details.filter(Boolean).join(" · ")),
      event.same_footage.length > 0 && element("span", { class: "same-footage" }, t("already has this footage")),
    );
  }

  return {
    /** Shows the events. @param {NearbyEvent[]} events */
    show(events) {
      list.replaceChildren(...events.map(row));
      section.hidden = events.length === 0;
    },
  };
}

/**
 * Creates the warnings to confirm before sending.
 *
 * @param {object} parts
 * @param {HTMLElement} parts.section
 * @param {HTMLElement} parts.list
 * @param {{ suspicions: Record<string, string>, confirmations: Record<string, string> }}
 *   parts.words messages by the API's codes
 * @param {(spot: LonLat) => void} parts.onTake called when the reader takes a suggested place
 * @param {Translate} parts.t
 * @param {string} parts.language
 */
export function createWarnings({ section, list, words, onTake, t, language }) {
  /**
   * Creates one row for all warnings of a code, which are confirmed together.
   *
   * @param {string} code
   * @param {Warning[]} same
   * @param {boolean} confirmed
   */
  function row(code, same, confirmed) {
    const [first] = same;
    return element(
      "li",
      { "data-code": code },
      element("p", {}, words.suspicions[code] ?? (first ? t(first.message) : "")),
      ...same.flatMap(({ suggestion }) => [...namedEvent(suggestion), ...suggestedPlaces(suggestion).map(takeButton)]),
      element(
        "label",
        { class: "option" },
        element("input", { type: "checkbox", name: "confirm", value: code, checked: confirmed }),
        element("span", {}, words.confirmations[code] ?? t("This is right")),
      ),
    );
  }

  /** Creates the link to a suggested event. @param {any} suggestion */
  function namedEvent(suggestion) {
    const { event, distance_m: distance } = Object(suggestion);
    if (!event) return [];
    const away =
      distance !== undefined &&
      element("span", { class: "note" }, " ", t("{distance} away", { distance: formatDistance(distance, language) }));
    return [element("p", {}, eventLink(event.id, event.title), away)];
  }

  /** Creates the button of a suggested place. @param {LonLat} spot */
  function takeButton(spot) {
    const place = formatDecimal(spot.longitude, spot.latitude);
    return element(
      "button",
      { type: "button", class: "button", click: () => onTake(spot) },
      t("Use {place} instead", { place }),
    );
  }

  return {
    /** Returns the confirmed codes. */
    confirmed: () => [...list.querySelectorAll("input")].filter((input) => input.checked).map((input) => input.value),

    /**
     * Shows warnings. Confirmed warnings stay confirmed.
     *
     * @param {Warning[]} warnings
     */
    show(warnings) {
      const before = new Set(this.confirmed());
      const codes = [...new Set(warnings.map(({ code }) => code))];
      list.replaceChildren(
        ...codes.map((code) => {
          const same = warnings.filter((warning) => warning.code === code);
          return row(code, same, before.has(code));
        }),
      );
      section.hidden = warnings.length === 0;
      if (warnings.length) section.focus();
    },

    clear() {
      list.replaceChildren();
      section.hidden = true;
    },
  };
}

/** Creates a link to an event. @param {string} id @param {string} title */
function eventLink(id, title) {
  // Opens in a new tab, so that the form is not lost.
  return element(
    "a",
    { href: `/events/${encodeURIComponent(id)}`, target: "_blank", rel: "noopener", dir: "auto" },
    title,
  );
}

/** Returns the suggested places. @param {any} suggestion @returns {LonLat[]} */
function suggestedPlaces(suggestion) {
  const places = Array.isArray(suggestion) ? suggestion : [suggestion];
  return places.filter((place) => typeof place?.longitude === "number" && typeof place.latitude === "number");
}
