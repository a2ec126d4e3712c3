/** The card's "Where": the place in every notation, its precision and the nearest settlement. */
import { joinIsolated } from "../lib/bidi.js";
import { formatDistance } from "../lib/numbers.js";
import { formatDecimal, notations } from "../lib/coordinates.js";
import { lengthM, middleOf, paths } from "../lib/shape.js";
import { copyButton } from "./share.js";
import { element } from "./element.js";
import { doubtText, fromPlaceText, outsideText, placeText, precisionText } from "./where-text.js";

/** @import { EventFeature, EventProperties, Translate } from "../types.js" */
/** @import { CardContext } from "./event-card.js" */

/** Distance from which a settlement does not describe a place outside the theatre. */
const NEARBY_M = 100_000;

/**
 * Creates the section.
 *
 * @param {EventFeature} event
 * @param {CardContext} context
 * @returns {HTMLElement}
 */
export function cardWhere(event, context) {
  const { config, t } = context;
  const { geometry, properties } = event;
  const beside = element("span", { class: "card-aside", dir: "auto" });
  renderPlaces(beside, properties, null, context);
  if (geometry.type === "Point") showNearest(beside, event, context);
  return element(
    "div",
    { class: "where" },
    isLine(geometry) ? ends(geometry, context) : everyNotation(middleOf(geometry), t),
    element("span", {}, precisionText(properties.precision_m, geometry.type, t, config.language)),
    beside,
  );
}

/** Returns whether a geometry is a line. @param {EventFeature["geometry"]} geometry */
function isLine(geometry) {
  return geometry.type === "LineString" || geometry.type === "MultiLineString";
}

/**
 * Creates the rows with every notation.
 *
 * @param {[number, number]} place
 * @param {Translate} t
 */
function everyNotation([longitude, latitude], t) {
  const names = { decimal: t("Decimal degrees"), dms: t("Degrees, minutes, seconds"), mgrs: t("Military grid") };
  return element(
    "ul",
    { class: "notations", "aria-label": t("Coordinates") },
    ...notations(longitude, latitude).map(({ kind, text }) =>
      element("li", { class: `notation-${kind}` }, copyButton(text, names[kind], t)),
    ),
  );
}

/**
 * Creates the rows of a line: its length and its two ends.
 *
 * @param {EventFeature["geometry"]} geometry
 * @param {CardContext} context
 */
function ends(geometry, { config, t }) {
  const lines = paths(geometry);
  const positions = lines.flat();
  const length = lines.reduce((sum, line) => sum + lengthM(line), 0);
  const [first, last] = [positions[0], positions.at(-1)];
  return element(
    "div",
    {},
    t("A line {distance} long; its ends:", { distance: formatDistance(length, config.language) }),
    element(
      "ul",
      { class: "notations", "aria-label": t("Coordinates") },
      ...[first, last].map(([longitude = NaN, latitude = NaN] = []) =>
        element("li", {}, copyButton(formatDecimal(longitude, latitude), t("Decimal degrees"), t)),
      ),
    ),
  );
}

/**
 * Loads and shows the nearest settlement of a point.
 *
 * @param {HTMLElement} beside
 * @param {EventFeature} event
 * @param {CardContext} context
 */
async function showNearest(beside, event, context) {
  const [longitude, latitude] = middleOf(event.geometry);
  try {
    const { features } = await context.api.nearestPlace(longitude, latitude, context.signal);
    const nearest = features[0]?.properties ?? null;
    // Outside the theatre, the country says more than a settlement at its edge.
    const isFar = event.properties.outside !== null && (nearest?.distance_m ?? 0) > NEARBY_M;
    if (!isFar) renderPlaces(beside, event.properties, nearest, context);
  } catch {
    if (context.signal.aborted) return;
    // The places named by the event are shown already.
    const again = () => {
      failed.remove();
      void showNearest(beside, event, context);
    };
    const { t } = context;
    const button = element("button", { type: "button", class: "link-button", click: again }, t("Try again"));
    const failed = element("span", {}, ` ${t("The nearest place could not be loaded.")} `, button);
    beside.append(failed);
  }
}

/**
 * Shows the nearest settlement, "0.3 km south of Zvirove (Звірове, “Zverovo”)", and other places
 * from the reports.
 *
 * @param {HTMLElement} beside
 * @param {Pick<EventProperties, "doubt" | "outside" | "places">} properties
 * @param {import("../data/api.js").PlaceProperties | null} nearest
 * @param {CardContext} context
 */
function renderPlaces(beside, { doubt, outside, places: named }, nearest, { config, t }) {
  const { language } = config;
  const same = nearest && named.find(({ geonameid }) => geonameid === nearest.geonameid);
  const others = named.filter((place) => place !== same).map((place) => placeText(place, t, language));
  const lines = [
    nearest &&
      fromPlaceText(
        placeText({ ...nearest, as_spelled: same?.as_spelled }, t, language),
        nearest.distance_m ?? 0,
        nearest.bearing ?? 0,
        t,
        language,
      ),
    outsideText(outside, t, language),
    others.length > 0 && t("mentioned in the reports: {places}", { places: joinIsolated(others, "; ") }),
  ];
  const warning = doubtText(doubt, t, language);
  beside.replaceChildren(
    ...lines.filter((line) => typeof line === "string").map((line) => element("span", { class: "line" }, line)),
    ...(warning ? [element("span", { class: "line place-doubt" }, warning)] : []),
  );
}
