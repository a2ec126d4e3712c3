/**
 * The text beside the pointer: category, day and verification of an event, or the number of events.
 * The columns have no titles; the map adds the title of a single event.
 *
 * @import { Config, EventColumns, SelectionSource, Translate } from "../types.js"
 */
import { outlineOf } from "../data/outline.js";
import { isolate } from "../lib/bidi.js";
import { formatMonth, formatRange } from "../time/day.js";
import { categoryText, hereText, verificationText } from "./event-text.js";

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
  const { properties } = outlineOf(columns, row);
  const verification = verificationText(properties.verification, t).name;
  return [isolate(categoryText(properties, config, t)), rowDays(columns, row, config.language), verification].join(
    " · ",
  );
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
