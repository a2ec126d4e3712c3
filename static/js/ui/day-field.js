/**
 * A day as a field: typed or pasted in the page's language or as ISO date, or chosen from a
 * calendar. Native date fields write days in the language of the browser, which may differ.
 */

import { icon } from "../lib/icon.js";
import { formatDay } from "../time/day.js";
import { parseDay } from "../time/parse-day.js";
import { createCalendar } from "./calendar.js";
import { element } from "./element.js";

/** @import { Day, DayRange, Translate } from "../types.js" */

const GAP_PX = 4;
const EDGE_PX = 8;

/** @typedef {ReturnType<typeof createDayField>} DayField */

/**
 * Creates the field.
 *
 * @param {object} options
 * @param {string} options.name the label
 * @param {HTMLInputElement} [options.input] a text field of the page, with its label; without it, both
 *   are created
 * @param {string} [options.errorId] id of the element with the error, if the field is created
 * @param {string} options.language BCP 47
 * @param {Translate} options.t
 * @param {() => DayRange} options.limits the days of the calendar
 * @param {() => void} options.onChange called when a day is typed, pasted or chosen
 */
export function createDayField({ name, input: given, errorId, language, t, limits, onChange }) {
  const label = element("span", { class: "note" }, name);
  const input =
    given ??
    element("input", {
      type: "text",
      class: "field",
      required: true,
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": errorId,
    });
  input.addEventListener("input", () => (isTyped = true));
  input.addEventListener("blur", () => (isTyped = false));
  input.addEventListener("change", () => {
    isTyped = false;
    onChange();
  });
  const opener = element(
    "button",
    { type: "button", class: "day-opener", "aria-haspopup": "dialog", click: open },
    icon("calendar"),
  );
  const root = element("div", { class: "day-field" }, !given && element("label", {}, label, input), opener);
  if (given) {
    given.before(root);
    root.prepend(given);
  }
  /** @type {{ popover: HTMLElement, calendar: ReturnType<typeof createCalendar> } | null} */
  let dialog = null;
  /** @type {Day | null} */
  let day = null;
  /** Whether the text was changed and is not yet complete. */
  let isTyped = false;

  function createDialog() {
    const calendar = createCalendar({
      language,
      t,
      onPick(picked) {
        isTyped = false;
        write(picked);
        popover.hidePopover();
        onChange();
      },
    });
    const popover = element(
      "div",
      { class: "day-calendar", popover: "auto", role: "dialog", "aria-label": t("Calendar") },
      calendar.root,
    );
    popover.addEventListener("toggle", ({ newState }) => {
      const isLost = document.activeElement === document.body;
      if (newState === "closed" && isLost) opener.focus({ preventScroll: true });
    });
    root.append(popover);
    return { popover, calendar };
  }

  function open() {
    dialog ??= createDialog();
    const { popover, calendar } = dialog;
    popover.showPopover();
    calendar.show(parseDay(input.value, language) ?? day, limits());
    place(popover);
  }

  /** Places the calendar below the field, or above if there is no room. @param {HTMLElement} popover */
  function place(popover) {
    const { left, top, bottom } = root.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const { offsetWidth: width, offsetHeight: height } = popover;
    const below = bottom + GAP_PX;
    const y = below + height + EDGE_PX <= clientHeight ? below : top - GAP_PX - height;
    popover.style.setProperty("--x", `${Math.max(EDGE_PX, Math.min(left, clientWidth - width - EDGE_PX))}px`);
    popover.style.setProperty("--y", `${Math.max(EDGE_PX, y)}px`);
  }

  /** Writes a day, but not over a text that is being typed. @param {Day} now */
  function write(now) {
    day = now;
    if (isTyped) return;
    const words = formatDay(now, language, { month: "short" });
    if (input.value !== words) input.value = words;
    input.removeAttribute("aria-invalid");
  }

  /** Changes the label. @param {string} words */
  function rename(words) {
    label.textContent = words;
    opener.setAttribute("aria-label", t("{field}: calendar", { field: words }));
    opener.title = t("Calendar");
  }
  rename(name);

  return {
    root,
    input,
    write,
    rename,
    get name() {
      return label.textContent ?? "";
    },
    /** Returns the day in the field, or null. @returns {Day | null} */
    read: () => parseDay(input.value, language),
  };
}
