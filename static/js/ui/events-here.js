/** The events that lie on one spot of the map: the card shows one, this list the others. */
import { element } from "./element.js";
import { eventRow, outlineRow } from "./event-row.js";

/** @import { EventFeature } from "../types.js" */
/** @import { Outline } from "../data/outline.js" */
/** @import { RowContext } from "./event-row.js" */

/**
 * @param {EventFeature[]} events newest first, as many as are worth listing
 * @param {number} total how many lie there
 * @param {string} current id of the one that the card shows
 * @param {RowContext} context
 * @returns {HTMLElement | null} null when the event is alone
 */
export function stackList(events, total, current, context) {
  if (total < 2) return null;
  const rows = events.map((event) => eventRow(event, context, { when: true, current: event.id === current }));
  return stackOf(rows, total, context);
}

/**
 * The same before the server has told: nothing to choose yet.
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

/** @param {HTMLLIElement[]} rows @param {number} total @param {Omit<RowContext, "open">} context */
function stackOf(rows, total, { t }) {
  return element(
    "section",
    { class: "card-part stack", "aria-labelledby": "card-stack" },
    element("h2", { id: "card-stack" }, t.plural("{count} event here", "{count} events here", total, { count: total })),
    element("ul", { class: "rows" }, ...rows),
  );
}
