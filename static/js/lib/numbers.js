/** Formats numbers in the reader's locale: counts, distances and durations. Pure. */

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * Returns a number format of a language. Formats are cached, because creating one is slow.
 *
 * @param {string} language BCP 47
 * @param {Intl.NumberFormatOptions} [options]
 */
function numberFormat(language, options = {}) {
  const key = `${language} ${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(language, options)));
  return format;
}

/**
 * Formats a count: "12,904" in English, "12 904" in Ukrainian.
 *
 * @param {number} count
 * @param {string} language BCP 47
 * @returns {string}
 */
export function formatCount(count, language) {
  return numberFormat(language).format(count);
}

/**
 * Formats a distance: "100 m", "2.5 km", "1,297 km".
 *
 * @param {number} distanceM metres
 * @param {string} language BCP 47
 * @param {{ inKilometres?: boolean }} [how] `inKilometres`: use kilometres below one kilometre too
 * @returns {string}
 */
export function formatDistance(distanceM, language, { inKilometres = distanceM >= 1000 } = {}) {
  return numberFormat(language, {
    style: "unit",
    unit: inKilometres ? "kilometer" : "meter",
    maximumFractionDigits: inKilometres && distanceM < 10_000 ? 1 : 0,
  }).format(inKilometres ? distanceM / 1000 : distanceM);
}

/**
 * Formats a number of days: "3 days", "1,234 days".
 *
 * @param {number} days
 * @param {string} language BCP 47
 * @returns {string}
 */
export function formatDayCount(days, language) {
  return numberFormat(language, { style: "unit", unit: "day", unitDisplay: "long" }).format(days);
}
