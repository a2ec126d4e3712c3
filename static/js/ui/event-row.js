/** The row of an event in a list. */
import { formatDecimal } from "../lib/coordinates.js";
import { element } from "./element.js";
import { eventMark } from "./event-card.js";
import { affectedNote, kindText, onlyWarringText, verificationText } from "./event-text.js";
import { daysTouched } from "../time/day.js";
import { timeToCome, whenText } from "./when-text.js";
import { countryText } from "./where-text.js";

/** @import { ColourBy, Config, EventFeature, Translate } from "../types.js" */
/** @import { Outline } from "../data/outline.js" */

/**
 * @typedef {object} RowContext
 * @property {Config} config
 * @property {Translate} t
 * @property {ColourBy} colour the colour scheme
 * @property {(id: string) => void} open called with the event's id
 */

/**
 * Creates the row.
 *
 * @param {EventFeature} event
 * @param {RowContext} context
 * @param {{ when?: boolean, aside?: string | null, current?: boolean }} [shown] `when`: include the
 *   time, if no heading has it; `aside`: text at the end, such as a distance
 * @returns {HTMLLIElement}
 */
export function eventRow(event, { config, t, colour, open }, { when = false, aside = null, current = false } = {}) {
  const { properties } = event;
  const facts = [
    kindText(properties, config, t),
    affectedNote(properties, config, t),
    when || isTimed(properties.time_precision) || lastsDays(properties)
      ? whenText(properties, t, config.language).text
      : null,
    verificationText(properties.verification, t).name,
    onlyWarringText(properties.sources, t),
    properties.outside?.country && countryText(properties.outside.country, config.language),
    properties.doubt && t("place to check"),
    aside,
  ];
  return element(
    "li",
    { class: "row", "data-id": event.id },
    element(
      "button",
      { type: "button", class: "row-button", "aria-current": current ? "true" : null, click: () => open(event.id) },
      eventMark(properties, colour),
      element(
        "span",
        { class: "row-text" },
        element("span", { class: "row-title", dir: "auto" }, properties.title),
        element("span", { class: "row-facts" }, facts.filter(Boolean).join(" · ")),
      ),
    ),
  );
}

/**
 * Creates the row of an event whose title is loading. The row has a placeholder and cannot be
 * selected.
 *
 * @param {Outline} outline
 * @param {Omit<RowContext, "open">} context
 * @param {{ when?: boolean }} [shown] `when`: include the time, if no heading has it
 * @returns {HTMLLIElement}
 */
export function outlineRow({ place, properties, timePrecision }, { config, t, colour }, { when = false } = {}) {
  const kind = [kindText(properties, config, t), affectedNote(properties, config, t)].filter(Boolean).join(" · ");
  const sure = verificationText(properties.verification, t).name;
  const day = (when || lastsDays(properties)) && whenText(properties, t, config.language).text;
  const time = when && timeToCome(timePrecision, t);
  return element(
    "li",
    { class: "outline" },
    element(
      "div",
      { class: "outline-body" },
      eventMark(properties, colour),
      element(
        "span",
        { class: "row-text" },
        element("span", { class: "row-place" }, formatDecimal(...place)),
        element(
          "span",
          { class: "row-facts" },
          day ? `${kind} · ${day}` : kind,
          time && element("span", { class: "placeholder-text", "aria-hidden": "true" }, time),
          ` · ${sure}`,
          properties.doubt && ` · ${t("place to check")}`,
        ),
      ),
    ),
  );
}

/**
 * Returns whether an event lasts several days. Then its row states them, because the heading of the
 * list has only the first.
 *
 * @param {import("../data/outline.js").Outline["properties"]} event
 */
function lastsDays({ happened_from, happened_to, time_precision }) {
  if (time_precision !== "day") return false;
  const { from, to } = daysTouched(happened_from, happened_to);
  return to - from > 1;
}

/** Returns whether a precision includes a time of day. @param {string} precision */
function isTimed(precision) {
  return precision === "hour" || precision === "minute";
}
