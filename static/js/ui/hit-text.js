/**
 * The text beside the pointer: category, day and verification of an event, or the number of events.
 * The columns have no titles; the map adds the title of a single event.
 *
 * @import { Config, EventColumns, SelectionSource, Translate } from "../types.js"
 */
import { isolate } from "../lib/bidi.js";
import { formatMonth, formatRange } from "../time/day.js";
import { verificationText } from "./event-text.js";
import { hereText } from "./events-here.js";

/**
 * Returns the text.
 * @param {number} row the event under the pointer, as a row of the columns
 * @param {number[]} rows all events at that position
 * @param {{ selection: SelectionSource, config: Config, t: Translate }} parts
 * @returns {string}
 */
export function hitText(row, rows, { selection, config, t }) {
  const columns = selection.get()?.columns;
  if (!columns) return "";
  if (rows.length > 1) return [hereText(rows.length, t), daysOf(columns, rows, config.language)].join(" · ");
  const slug = columns.categories[columns.category[row] ?? -1];
  const category = config.theatre.categories.find((one) => one.slug === slug)?.name ?? slug ?? "";
  const verification = verificationText(columns.verifications[columns.verification[row] ?? -1] ?? "", t).name;
  return [isolate(category), rowDays(columns, row, config.language), verification].join(" · ");
}

/**
 * Formats the days of a row.
 * @param {EventColumns} columns
 * @param {number} row
 * @param {string} language
 */
function rowDays(columns, row, language) {
  const from = columns.day[row] ?? 0;
  const precision = columns.timePrecisions[columns.timePrecision[row] ?? -1];
  if (precision === "month") return formatMonth(from, language);
  return formatRange({ from, to: from + (columns.days[row] ?? 1) }, language);
}

/**
 * Formats the first and the last day of rows.
 * @param {EventColumns} columns
 * @param {number[]} rows
 * @param {string} language
 */
function daysOf({ day, days }, rows, language) {
  let [from, to] = [Infinity, -Infinity];
  for (const row of rows) {
    from = Math.min(from, day[row] ?? 0);
    to = Math.max(to, (day[row] ?? 0) + (days[row] ?? 1));
  }
  return formatRange({ from, to }, language);
}
