/**
 * The text beside the pointer. The event columns have no titles: category, day and verification are
 * what is known without a request to the server.
 *
 * @import { Config, SelectionSource, Translate } from "../types.js"
 */
import { formatCount } from "../lib/numbers.js";
import { formatMonth, formatRange } from "../time/day.js";
import { verificationText } from "./event-text.js";

/**
 * @param {{ row: number, count: number }} hit a row of the columns, and how many events lie there
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
  return [category, rowDays(columns, row, config.language), verification].join(" · ");
}

/**
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
