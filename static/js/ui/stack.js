/** The events that lie on one spot of the map: the card shows one, this list the others. */
import { element } from "./element.js";
import { eventRow } from "./event-row.js";

/** @import { EventFeature } from "../types.js" */
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
  return element(
    "section",
    { class: "card-part stack", "aria-labelledby": "card-stack" },
    element("h3", { id: "card-stack" }, context.t("{count} events here", { count: total })),
    element(
      "ul",
      { class: "rows" },
      ...events.map((event) => eventRow(event, context, { when: true, current: event.id === current })),
    ),
  );
}
