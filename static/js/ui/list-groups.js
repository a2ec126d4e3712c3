/** Groups the list's events by the day on which they begin, newest first. Pure. */
import { dayOf, formatDay } from "../time/day.js";
import { whenText } from "./when-text.js";

/** @import { EventFeature, Translate } from "../types.js" */
/** @import { Outline } from "../data/outline.js" */

/**
 * Groups events. An event known only to a month or a year is under that period, not under its first
 * day.
 *
 * @template {EventFeature | Outline} Listed
 * @param {Listed[]} events newest first
 * @param {Translate} t
 * @param {string} language
 * @returns {{ heading: string, events: Listed[] }[]} in the order of the events; no heading is
 *   repeated directly
 */
export function groupedByDay(events, t, language) {
  /** @type {{ heading: string, events: Listed[] }[]} */
  const groups = [];
  for (const event of events) {
    const heading = headingOf(event, t, language);
    const last = groups.at(-1);
    if (last?.heading === heading) last.events.push(event);
    else groups.push({ heading, events: [event] });
  }
  return groups;
}

/**
 * Returns the heading of an event.
 * @param {EventFeature | Outline} event
 * @param {Translate} t
 * @param {string} language
 */
function headingOf({ properties }, t, language) {
  const { time_precision: precision } = properties;
  if (precision !== "month" && precision !== "year") return formatDay(dayOf(properties.happened_from), language);
  const { text, note } = whenText(properties, t, language);
  return `${text} (${note})`;
}
