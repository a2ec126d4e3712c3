/** Formats the place of an event: its precision and the settlement. Pure. */
import { isolate, joinIsolated } from "../lib/bidi.js";
import { formatDistance } from "../lib/numbers.js";

/** @import { EventProperties, Translate } from "../types.js" */

/** Distance below which a place is "at" the settlement. The gazetteer is not more precise. */
const AT_M = 100;

/**
 * Formats a precision: "within 100 m".
 *
 * @param {number | null} precisionM metres
 * @param {string} shape the geometry's type
 * @param {Translate} t
 * @param {string} language
 * @returns {string}
 */
export function precisionText(precisionM, shape, t, language) {
  if (precisionM === null) return t("precision unknown");
  const distance = formatDistance(precisionM, language);
  if (shape.endsWith("LineString")) return t("within {distance} of this line", { distance });
  if (shape.endsWith("Polygon")) return t("within {distance} of this area", { distance });
  return t("within {distance} of this point", { distance });
}

/**
 * Formats a settlement with its other spellings: "Zvirove (Звірове, “Zverovo”)".
 *
 * @param {{ name: string, names: Record<string, string>, as_spelled?: string | null }} place
 * @param {Translate} t
 * @param {string} language
 * @returns {string}
 */
export function placeText(place, t, language) {
  const name = place.names[language] ?? place.name;
  const other = [...Object.values(place.names), place.name].find((spelling) => spelling !== name);
  const sourceSpelling = place.as_spelled;
  const spelled =
    sourceSpelling && sourceSpelling !== name && sourceSpelling !== other
      ? t("“{words}”", { words: sourceSpelling })
      : null;
  const aside = joinIsolated([other, spelled], ", ");
  return aside ? `${isolate(name)} (${aside})` : name;
}

/**
 * Returns the name of a country.
 * @param {string} code ISO 3166-1
 * @param {string} language
 */
export function countryText(code, language) {
  return new Intl.DisplayNames([language], { type: "region" }).of(code) ?? code;
}

/**
 * Describes a place outside the theatre: "in Kazakhstan, 1,704 km outside the area of this map".
 *
 * @param {EventProperties["outside"]} outside
 * @param {Translate} t
 * @param {string} language
 * @returns {string | null} null: inside
 */
export function outsideText(outside, t, language) {
  if (!outside) return null;
  const distance = formatDistance(outside.distance_m, language, { inKilometres: true });
  if (!outside.country) return t("{distance} outside the area of this map", { distance });
  const country = countryText(outside.country, language);
  return t("in {country}, {distance} outside the area of this map", { country, distance });
}

/**
 * Describes why the place should be checked.
 *
 * @param {EventProperties["doubt"]} doubt
 * @param {Translate} t
 * @param {string} language
 * @returns {string | null} null: nothing is known against it
 */
export function doubtText(doubt, t, language) {
  if (!doubt) return null;
  if (!doubt.place) return t("Check the place: it is far outside the area of this map.");
  return t("Check the place: the nearest {name} that we know is {distance} away.", {
    name: isolate(doubt.place.names[language] ?? doubt.place.name),
    distance: formatDistance(doubt.distance_m, language, { inKilometres: true }),
  });
}

/**
 * Formats a position relative to a settlement: "0.3 km south of Zvirove".
 *
 * @param {string} place name of the settlement
 * @param {number} distanceM metres
 * @param {number} bearing degrees clockwise from north, as seen from the settlement
 * @param {Translate} t
 * @param {string} language
 * @returns {string}
 */
export function fromPlaceText(place, distanceM, bearing, t, language) {
  if (distanceM < AT_M) return t("in {place}", { place });
  const values = { distance: formatDistance(distanceM, language, { inKilometres: true }), place };
  switch (((Math.round(bearing / 45) % 8) + 8) % 8) {
    case 0:
      return t("{distance} north of {place}", values);
    case 1:
      return t("{distance} north-east of {place}", values);
    case 2:
      return t("{distance} east of {place}", values);
    case 3:
      return t("{distance} south-east of {place}", values);
    case 4:
      return t("{distance} south of {place}", values);
    case 5:
      return t("{distance} south-west of {place}", values);
    case 6:
      return t("{distance} west of {place}", values);
    default:
      return t("{distance} north-west of {place}", values);
  }
}
