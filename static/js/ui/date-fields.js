/**
 * The window as two date fields, both inclusive. A valid day changes the window. An invalid value
 * stays in the field with an error message, and the window does not change.
 */

import { formatDay, toDay, toIso } from "../time/day.js";
import { element } from "./element.js";

/** @import { Day, DayRange, Mode, Store, Translate } from "../types.js" */

/**
 * Creates the fields.
 * @param {object} needs
 * @param {Store} needs.store
 * @param {() => DayRange} needs.domain returns the limits of the window
 * @param {string} needs.language BCP 47
 * @param {Translate} needs.t
 */
export function createDateFields({ store, domain, language, t }) {
  const errorMessage = element("p", { class: "dock-error", id: "dock-error", role: "alert" });
  const first = field("dock-from");
  const last = field("dock-to");

  /** Creates a field. @param {string} id */
  function field(id) {
    const name = element("span", {});
    const input = element("input", {
      id,
      type: "date",
      required: true,
      "aria-describedby": "dock-error",
      focus: () => store.set({ playing: null }), // otherwise the next step would overwrite the typed value
      change: () => read(input, false),
      blur: () => read(input, true),
      keydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && read(input, true),
    });
    return { name, input, label: element("label", { class: "dock-date" }, name, input) };
  }

  /**
   * Reads a field.
   * @param {HTMLInputElement} input
   * @param {boolean} done typing is finished, so errors are shown; while typing, a two-digit year
   *   is not an error
   */
  function read(input, done) {
    const problem = problemOf(input);
    input.toggleAttribute("aria-invalid", problem !== "");
    if (problem || done) errorMessage.textContent = done ? problem : "";
    if (problem) return;
    const { window, mode } = store.get();
    const day = toDay(input.value);
    if (mode === "day") change({ from: day, to: day + 1 });
    else change(input === first.input ? { from: day, to: window.to } : { from: window.from, to: day + 1 });
  }

  /** Changes the window. @param {DayRange} window */
  function change(window) {
    const now = store.get().window;
    if (window.from !== now.from || window.to !== now.to) store.set({ window, playing: null });
  }

  /**
   * Returns the error of a field.
   * @param {HTMLInputElement} input
   * @returns {string} empty if valid
   */
  function problemOf(input) {
    const name = (input === first.input ? first : last).name.textContent ?? "";
    /** @type {Day} */
    let day;
    try {
      day = toDay(input.value);
    } catch {
      return t("“{field}” is not a real date. Enter a date such as 2025-07-21.", { field: name });
    }
    const { from, to } = domain();
    if (day < from || day >= to) {
      const range = { field: name, from: formatDay(from, language), to: formatDay(to - 1, language) };
      return t("“{field}” must be from {from} to {to}.", range);
    }
    const { window, mode } = store.get();
    if (mode === "day") return "";
    if (input === first.input && day >= window.to) return t("“From” is after “to”.");
    if (input === last.input && day < window.from) return t("“To” is before “from”.");
    return "";
  }

  /** Shows the fields that the mode uses. @param {Mode} mode */
  function arrange(mode) {
    first.name.textContent = mode === "day" ? t("Day") : t("From");
    last.name.textContent = t("To");
    // Hidden, not removed, so that the layout does not change.
    first.label.toggleAttribute("data-unused", mode === "cumulative");
    last.label.toggleAttribute("data-unused", mode === "day");
  }

  function write() {
    const { window } = store.get();
    const { from, to } = domain();
    for (const [{ input }, day] of /** @type {const} */ ([
      [first, window.from],
      [last, window.to - 1],
    ])) {
      const value = toIso(day);
      if (input.value !== value) input.value = value;
      const [least, most] = [toIso(Math.min(from, day)), toIso(Math.max(to - 1, day))];
      if (input.min !== least) input.min = least;
      if (input.max !== most) input.max = most;
      input.removeAttribute("aria-invalid");
    }
    if (errorMessage.textContent) errorMessage.textContent = "";
  }

  const ends = [store.watch(({ window }) => window, write), store.watch(({ mode }) => mode, arrange)];
  arrange(store.get().mode);
  write();

  return {
    element: element("div", { class: "dock-dates" }, first.label, last.label, errorMessage),
    /** Updates the fields after a change of the domain. */
    write,
    destroy() {
      for (const end of ends) end();
    },
  };
}
