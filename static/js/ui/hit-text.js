/**
 * The text beside the pointer. The columns have no titles, so the text has the category, day and
 * verification.
 *
 * @import { Config, SelectionSource, Translate } from "../types.js"
 */
import { isolate } from "../lib/bidi.js";
import { formatCount } from "../lib/numbers.js";
import { formatMonth, formatRange } from "../time/day.js";
import { verificationText } from "./event-text.js";

/**
 * Returns the text.
 * @param {{ row: number, count: number }} hit a row of the columns, and the number of events there
 * @param {{ selection: SelectionSource, config: Config, t: Translate }} parts
 * @returns {string}
 */
export function hitText({ row, count }, { selection, config, t }) {
  const columns = selection.get()?.columns;
  if (!columns) return "";
  if (count > 1) {
    const shown = formatCount(count, config.language);
    return t.plural("{count} event here", "{count} events here", count, { count: shown });
  }
  const slug = columns.categories[columns.category[row] ?? -1];
  const category = config.theatre.categories.find((one) => one.slug === slug)?.name ?? slug ?? "";
  const verification = verificationText(columns.verifications[columns.verification[row] ?? -1] ?? "", t).name;
  return [isolate(category), rowDays(columns, row, config.language), verification].join(" · ");
}

/**
 * Formats the days of a row.
 * @param {import("../types.js").EventColumns} columns
 * @param {number} row
 * @param {string} language
 */
function rowDays(columns, row, language) {
  const from = columns.day[row] ?? 0;
  const precision = columns.timePrecisions[columns.timePrecision[row] ?? -1];
  if (precision === "month") return formatMonth(from, language);
  return formatRange({ from, to: from + (columns.days[row] ?? 1) }, language);
}
