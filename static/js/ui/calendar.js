/**
 * A month of days to choose from, in the page's language; weeks begin on Monday. Keys: arrows for a
 * day or a week, Page Up and Page Down for a month, with Shift for a year, Home and End for the ends
 * of the week.
 */

import { unitStart, unitsLater } from "../time/calendar.js";
import { civil, civilDay, dayAt, formatDay, formatMonth, formatWeekday } from "../time/day.js";
import { element, iconButton } from "./element.js";

/** @import { Day, DayRange, Translate } from "../types.js" */

const WEEK = 7;
const MONTHS = 12;

/**
 * Creates the calendar.
 *
 * @param {object} options
 * @param {string} options.language BCP 47
 * @param {Translate} options.t
 * @param {(day: Day) => void} options.onPick
 */
export function createCalendar({ language, t, onPick }) {
  /** @type {DayRange} the days that can be chosen */
  let limits = { from: 0, to: 1 };
  /** @type {Day} */
  let focused = 0;
  /** @type {Day | null} */
  let chosen = null;

  const month = element("select", { class: "field", "aria-label": t("Month"), change: jump });
  for (let n = 1; n <= MONTHS; n++) {
    const first = /** @type {Day} */ (civilDay(2000, n, 1));
    month.append(element("option", { value: n }, formatMonth(first, language, { year: false })));
  }
  const year = element("select", { class: "field", "aria-label": t("Year"), change: jump });
  const earlier = iconButton("back", t("Month before"), { click: () => turn(-1) });
  const later = iconButton("forward", t("Month after"), { click: () => turn(1) });
  const heads = Array.from({ length: WEEK }, (_, n) => {
    const day = unitStart("week", 0) + n;
    return element("th", { scope: "col", abbr: formatWeekday(day, language, "long") }, formatWeekday(day, language));
  });
  const weeks = element("tbody", {});
  const root = element(
    "div",
    { class: "calendar" },
    element("div", { class: "calendar-head" }, earlier, month, year, later),
    element(
      "table",
      { role: "grid", "aria-label": t("Days"), keydown: onKey },
      element("thead", {}, element("tr", {}, ...heads)),
      weeks,
    ),
  );

  /** @param {Day} day */
  const clamp = (day) => Math.max(limits.from, Math.min(limits.to - 1, day));

  function draw() {
    const first = unitStart("month", focused);
    const shown = civil(focused);
    month.value = String(shown.month);
    year.value = String(shown.year);
    earlier.ariaDisabled = String(first <= limits.from);
    later.ariaDisabled = String(unitsLater("month", first) >= limits.to);
    const rows = [];
    for (let monday = unitStart("week", first); monday < unitsLater("month", first); monday += WEEK) {
      const days = Array.from({ length: WEEK }, (_, n) => monday + n);
      rows.push(element("tr", {}, ...days.map((day) => cell(day, unitStart("month", day) === first))));
    }
    weeks.replaceChildren(...rows);
  }

  /** Creates the cell of a day. @param {Day} day @param {boolean} inMonth */
  function cell(day, inMonth) {
    if (!inMonth) return element("td", {});
    const button = element(
      "button",
      {
        type: "button",
        tabindex: day === focused ? 0 : -1,
        disabled: day < limits.from || day >= limits.to,
        "aria-label": formatDay(day, language, { weekday: true }),
        "data-day": day,
        click: () => onPick(day),
      },
      String(civil(day).dayOfMonth),
    );
    return element("td", { "aria-selected": String(day === chosen) }, button);
  }

  /** Moves to a day. @param {Day} day */
  function moveTo(day) {
    focused = clamp(day);
    draw();
  }

  /** Returns the same day of another month, or the last one of a shorter month. @param {number} months */
  function monthsLater(months) {
    const { dayOfMonth } = civil(focused);
    const first = unitsLater("month", unitStart("month", focused), months);
    return Math.min(first + dayOfMonth - 1, unitsLater("month", first) - 1);
  }

  /** Turns the page. @param {number} months */
  const turn = (months) => moveTo(monthsLater(months));

  function jump() {
    const { year: oldYear, month: oldMonth } = civil(focused);
    turn((Number(year.value) - oldYear) * MONTHS + Number(month.value) - oldMonth);
  }

  function focusDay() {
    const button = weeks.querySelector(`[data-day="${focused}"]`);
    if (button instanceof HTMLElement) button.focus();
  }

  /** Handles keys. @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const monday = unitStart("week", focused);
    /** @type {Record<string, () => Day>} */
    const keys = {
      ArrowLeft: () => focused - 1,
      ArrowRight: () => focused + 1,
      ArrowUp: () => focused - WEEK,
      ArrowDown: () => focused + WEEK,
      Home: () => monday,
      End: () => monday + WEEK - 1,
      PageUp: () => monthsLater(event.shiftKey ? -MONTHS : -1),
      PageDown: () => monthsLater(event.shiftKey ? MONTHS : 1),
    };
    const day = keys[event.key];
    if (!day) return;
    event.preventDefault();
    moveTo(day());
    focusDay();
  }

  return {
    root,
    /**
     * Shows a day, and moves the focus to it.
     *
     * @param {Day | null} day null: none is chosen; shows today
     * @param {DayRange} days that can be chosen
     */
    show(day, days) {
      limits = days;
      chosen = day;
      const [first, last] = [civil(limits.from).year, civil(limits.to - 1).year];
      year.replaceChildren(
        ...Array.from({ length: last - first + 1 }, (_, n) =>
          element("option", { value: first + n }, String(first + n)),
        ),
      );
      moveTo(day ?? dayAt(Date.now()));
      focusDay();
    },
  };
}
