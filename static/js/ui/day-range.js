/**
 * Two days that belong together, both inclusive: from and to. Both fields are read together; while
 * they are no range, both keep what was typed, and a message says what is wrong.
 */

import { formatDay, toIso } from "../time/day.js";
import { createDayField } from "./day-field.js";
import { element } from "./element.js";

/** @import { DayRange, Translate } from "../types.js" */

/** @typedef {"both" | "day" | "last"} Parts the fields in use: both, the day alone, the last day alone */

/**
 * Creates the fields.
 *
 * @param {object} options
 * @param {{ from: string, to: string, wrongOrder: string }} options.words the labels, and the
 *   message when the days are in the wrong order
 * @param {string} options.errorId
 * @param {string} options.errorClass
 * @param {number} [options.fewest] days of the range
 * @param {string} options.language BCP 47
 * @param {Translate} options.t
 * @param {() => DayRange} options.limits the days that can be entered
 * @param {(range: DayRange) => void} options.onChange called when both are valid
 */
export function createDayRange({ words, errorId, errorClass, fewest = 1, language, t, limits, onChange }) {
  const error = element("p", { class: errorClass, id: errorId, role: "alert" });
  /** @param {string} name */
  const field = (name) => createDayField({ name, errorId, language, t, limits, onChange: read });
  const [first, last] = [field(words.from), field(words.to)];
  /** @type {Parts} */
  let parts = "both";
  /** @type {DayRange} */
  let range = { from: 0, to: 1 };

  function read() {
    const used = parts === "both" ? [first, last] : [parts === "day" ? first : last];
    const found = used.map((one) => ({ one, day: one.read(), problem: problemOf(one) }));
    const from = parts === "last" ? range.from : (first.read() ?? range.from);
    const to = parts === "day" ? from : (last.read() ?? range.to - 1);
    const unsound = found.find(({ problem }) => problem !== "");
    const isWrongOrder = !unsound && to - from + 1 < fewest;
    for (const { one, problem } of found) one.input.toggleAttribute("aria-invalid", problem !== "" || isWrongOrder);
    error.textContent = unsound?.problem ?? (isWrongOrder ? words.wrongOrder : "");
    if (unsound || isWrongOrder) return;
    write({ from, to: to + 1 });
    onChange(range);
  }

  /** Returns what is wrong with a field. @param {import("./day-field.js").DayField} one */
  function problemOf(one) {
    const day = one.read();
    const { from, to } = limits();
    if (day === null) {
      return t("“{field}” is not a real date. Enter a date such as {day} or {iso}.", {
        field: one.name,
        day: formatDay(range.from, language, { month: "short" }),
        iso: toIso(range.from),
      });
    }
    if (day >= from && day < to) return "";
    return t("“{field}” must be from {from} to {to}.", {
      field: one.name,
      from: formatDay(from, language),
      to: formatDay(to - 1, language),
    });
  }

  /** Shows a range; what was typed is gone. @param {DayRange} now */
  function write(now) {
    range = now;
    first.write(now.from);
    last.write(now.to - 1);
    if (error.textContent) error.textContent = "";
  }

  return {
    fields: /** @type {const} */ ([first, last]),
    error,
    write,
    /** Whether a field has something that is no valid range. */
    get isUnfinished() {
      return error.textContent !== "";
    },
    /** Sets the fields in use. @param {Parts} now */
    use(now) {
      if (now === parts) return;
      parts = now;
      first.rename(now === "day" ? t("Day") : words.from);
      // Hidden, not removed, so that the layout does not change.
      first.root.toggleAttribute("data-unused", now === "last");
      last.root.toggleAttribute("data-unused", now === "day");
    },
  };
}
