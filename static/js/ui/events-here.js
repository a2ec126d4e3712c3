/** The list of the other events at the position of the card's event. */
import { element } from "./element.js";
import { eventRow, outlineRow } from "./event-row.js";

/** @import { EventFeature } from "../types.js" */
/** @import { Outline } from "../data/outline.js" */
/** @import { RowContext } from "./event-row.js" */

/**
 * Creates the list.
 *
 * @param {EventFeature[]} events newest first, up to a limit
 * @param {number} total number of events there
 * @param {string} current id of the card's event
 * @param {RowContext} context
 * @returns {HTMLElement | null} null: no other events
 */
export function stackList(events, total, current, context) {
  if (total < 2) return null;
  const rows = events.map((event) => eventRow(event, context, { when: true, current: event.id === current }));
  return stackOf(rows, total, context);
}

/**
 * Creates the list from outlines, before the events are loaded. Its rows cannot be selected.
 *
 * @param {Outline[]} outlines the newest
 * @param {number} total
 * @param {Omit<RowContext, "open">} context
 * @returns {HTMLElement}
 */
export function outlineStack(outlines, total, context) {
  const rows = outlines.map((outline) => outlineRow(outline, context, { when: true }));
  return stackOf(rows, total, context);
}

/**
 * Creates the section.
 *
 * @param {HTMLLIElement[]} rows
 * @param {number} total
 * @param {Omit<RowContext, "open">} context
 */
function stackOf(rows, total, { t }) {
  return element(
    "section",
    { class: "card-part stack", "aria-labelledby": "card-stack" },
    element("h2", { id: "card-stack" }, t.plural("{count} event here", "{count} events here", total, { count: total })),
    element("ul", { class: "rows" }, ...rows),
  );
}
