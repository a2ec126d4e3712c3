/**
 * Parses a day as a reader types or pastes it: "21 July 2025", "21.7.2025", "2025-07-21", "21 липня
 * 2025 р.". Numbers are read day first, as the page writes them; a date that only makes sense month
 * first is refused, not guessed. Pure.
 */

import { civilDay, dayOf, formatDay, formatMonth } from "./day.js";

/** @import { Day } from "../types.js" */

const YEAR_FIRST = /^(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})$/;
const DAY_FIRST = /^(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4})$/;
/** Letters that a month must have at least, to be told from the others. */
const SHORTEST_MONTH = 3;
const MONTHS = 12;

/** @type {Map<string, Set<string>[]>} */
const cache = new Map();

/**
 * Returns the names of each month: long and short, alone and within a date, which differ in some
 * languages.
 *
 * @param {string} language BCP 47
 */
function monthNames(language) {
  let names = cache.get(language);
  if (!names) {
    names = Array.from({ length: MONTHS }, (_, n) => {
      const day = /** @type {Day} */ (civilDay(2000, n + 1, 1));
      const styles = /** @type {const} */ (["long", "short"]);
      const texts = styles.flatMap((month) => [
        formatDay(day, language, { month, year: false }),
        formatMonth(day, language, { month, year: false }),
      ]);
      return new Set(texts.map((text) => words(text, language)[0] ?? ""));
    });
    cache.set(language, names);
  }
  return names;
}

/** Returns the words of a text in lower case. @param {string} text @param {string} language */
const words = (text, language) => text.toLocaleLowerCase(language).match(/\p{L}+/gu) ?? [];

/**
 * Returns the month (1-12) that a word begins, or null if none or several.
 *
 * @param {string} word in lower case
 * @param {string} language
 */
function monthOf(word, language) {
  if (word.length < SHORTEST_MONTH) return null;
  const found = monthNames(language).flatMap((names, n) =>
    [...names].some((name) => name.startsWith(word)) ? [n + 1] : [],
  );
  return found.length === 1 ? /** @type {number} */ (found[0]) : null;
}

/**
 * Parses a day with the name of its month, in the page's language or in English.
 *
 * @param {string} text
 * @param {string} language
 */
function parseNamed(text, language) {
  const numbers = text.match(/\d+/g) ?? [];
  const years = numbers.filter((number) => number.length === 4);
  const days = numbers.filter((number) => number.length <= 2);
  if (numbers.length !== 2 || years.length !== 1 || days.length !== 1) return null;
  for (const one of new Set([language, "en"])) {
    const months = words(text, one).flatMap((word) => monthOf(word, one) ?? []);
    if (months.length === 1) return civilDay(Number(years[0]), Number(months[0]), Number(days[0]));
  }
  return null;
}

/**
 * Parses a day.
 *
 * @param {string} text
 * @param {string} language BCP 47
 * @returns {Day | null} null: no day, or not of the calendar
 */
export function parseDay(text, language) {
  const typed = text.trim().replace(/\s+/g, " ");
  const [, year, month, day] = YEAR_FIRST.exec(typed) ?? [];
  if (year) return civilDay(Number(year), Number(month), Number(day));
  const [, first, second, last] = DAY_FIRST.exec(typed) ?? [];
  if (first) return civilDay(Number(last), Number(second), Number(first));
  try {
    return dayOf(typed); // a pasted moment: its UTC day
  } catch {
    return parseNamed(typed, language);
  }
}
