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
 * Formats a number of days in the unit that suits its size: "3 days", "5 months", "2 years".
 *
 * @param {number} days
 * @param {string} language BCP 47
 * @returns {string}
 */
export function formatDuration(days, language) {
  const months = Math.round(days / 30.44);
  const [value, unit] =
    days < 60 ? [days, "day"] : months < 24 ? [months, "month"] : [Math.round(days / 365.25), "year"];
  return numberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
}
