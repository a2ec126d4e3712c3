/**
 * Replaces the native date fields of a form, whose language is the browser's, with day fields in the
 * page's language. The form still has each value by its name: an ISO date, or what was typed if that
 * is no date, which the server then refuses.
 */

import { civilDay, toIso } from "../time/day.js";
import { parseDay } from "../time/parse-day.js";
import { createDayField } from "./day-field.js";
import { element } from "./element.js";

/** @import { Day, Translate } from "../types.js" */

/** The first day that events may have (docs/decisions/0041), and one that no event may reach. */
const EARLIEST = /** @type {Day} */ (civilDay(1900, 1, 1));
const YEARS_AHEAD = 10;

/**
 * A date field of a form.
 * @typedef {{ write: (iso: string) => void }} DateInput
 */

/**
 * Replaces all native date fields.
 *
 * @param {ParentNode} root
 * @param {{ language: string, t: Translate }} options
 * @returns {Map<string, DateInput>} by the name of the field
 */
export const replaceDateInputs = (root, options) =>
  new Map(
    [.../** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("input[type=date]"))].map((native) => [
      native.name,
      replaceDateInput(native, options),
    ]),
  );

/**
 * Replaces a native date field.
 *
 * @param {HTMLInputElement} native with a label; its `min` and `max` are the ends of the calendar
 * @param {{ language: string, t: Translate }} options
 * @returns {DateInput}
 */
function replaceDateInput(native, { language, t }) {
  const sent = element("input", { type: "hidden", name: native.name, value: native.value });
  const limits = {
    from: parseDay(native.min, language) ?? EARLIEST,
    to: (parseDay(native.max, language) ?? lastDay()) + 1,
  };
  for (const name of ["name", "min", "max"]) native.removeAttribute(name);
  native.type = "text";
  native.autocomplete = "off";
  native.spellcheck = false;
  native.after(sent);
  const field = createDayField({
    name: native.labels?.[0]?.textContent?.trim() ?? "",
    input: native,
    language,
    t,
    limits: () => limits,
    onChange() {
      const day = field.read();
      if (day !== null) field.write(day);
      take();
      tell("input");
      tell("change");
    },
  });
  // A request may be sent before the field is left.
  native.addEventListener("input", take);

  /** Takes over what was typed. */
  function take() {
    const day = field.read();
    sent.value = day === null ? native.value.trim() : toIso(day);
  }

  /** Tells the form about a change of the named field. @param {"input" | "change"} type */
  const tell = (type) => sent.dispatchEvent(new Event(type, { bubbles: true }));

  /** Sets the day. @param {string} iso empty: none */
  function write(iso) {
    const day = parseDay(iso, language);
    if (day === null) native.value = iso;
    else field.write(day);
    sent.value = iso;
  }

  write(sent.value);
  return { write };
}

/** Returns the last day of the calendar where the field states none. @returns {Day} */
function lastDay() {
  const year = new Date().getUTCFullYear() + YEARS_AHEAD;
  return /** @type {Day} */ (civilDay(year, 12, 31));
}
