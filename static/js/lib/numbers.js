/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * A count as people read it, thousands apart by a thin space in English, as the language has it elsewhere: "12 904".
 *
 * @param {number} count
 * @param {string} language BCP 47
 * @returns {string}
 */
export function formatCount(count, language) {
  let format = formats.get(language);
  if (!format) formats.set(language, (format = new Intl.NumberFormat(language)));
  const text = format.format(count);
  return language.startsWith("en") ? text.replaceAll(",", "\u202f") : text;
}

/**
 * "100 m", "2.5 km", "101 km".
 *
 * @param {number} distanceM metres
 * @param {string} language
 * @returns {string}
 */
export function formatDistance(distanceM, language) {
  const inMetres = distanceM < 1000;
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: inMetres ? "meter" : "kilometer",
    maximumFractionDigits: !inMetres && distanceM < 10_000 ? 1 : 0,
  }).format(inMetres ? distanceM : distanceM / 1000);
}
