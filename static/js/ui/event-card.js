/**
 * The card of one event: what, when, where, who says what, and on which sources it rests.
 */
import { colourProperty } from "../lib/colours.js";
import { cardClaims } from "./card-claims.js";
import { cardSources } from "./card-sources.js";
import { cardWhere } from "./card-where.js";
import { element } from "./element.js";
import { affectedText, kindText, sensitivityText, verificationText } from "./event-text.js";
import { markIcon } from "./mark-icon.js";
import { plainFields } from "./plain-fields.js";
import { dayText, knownSince, whenText } from "./when-text.js";

/** @import { ColourBy, Config, EventFeature, EventProperties, Translate } from "../types.js" */
/** @import { Api } from "../data/api.js" */

/**
 * What every part of the card works with.
 * @typedef {object} CardContext
 * @property {Config} config
 * @property {Translate} t
 * @property {Api} api
 * @property {ColourBy} colour what the marks' colours say
 * @property {((event: EventFeature) => string | null) | null} lineThen which status the place had
 *   then; null from it: not known, or not yet
 * @property {(run: () => void) => () => void} watchLine calls when more of it is known; returns the
 *   call that ends the watch
 * @property {AbortSignal} signal ends what the card still asks for when another takes its place
 */

/** The heading's id: it names the panel, and the focus goes there. */
export const CARD_TITLE = "card-title";

/**
 * Makes the card. Only the nearest settlement is asked for afterwards; all else is in the event.
 *
 * @param {EventFeature} event
 * @param {CardContext} context
 * @returns {HTMLElement}
 */
export function eventCard(event, context) {
  const { config, t } = context;
  const { properties } = event;
  return element(
    "article",
    { class: "card", "aria-labelledby": CARD_TITLE },
    kindLine(properties, context),
    element("h2", { id: CARD_TITLE, class: "card-title", tabindex: "-1", dir: "auto" }, properties.title),
    sensitivities(properties.sensitivity, t),
    element(
      "dl",
      { class: "card-facts" },
      ...fact(t("When"), when(properties, context)),
      ...fact(t("Affected side"), affectedText(properties, config, t)),
      ...fact(t("Where"), cardWhere(event, context)),
      ...plainFields(config.fields.event, properties, config, t).flatMap(({ name, title, value }) =>
        fact(title, element("span", { "data-field": name, dir: "auto" }, value)),
      ),
      ...lineThen(event, context),
    ),
    properties.description && element("p", { class: "card-description", dir: "auto" }, properties.description),
    cardClaims(properties, context),
    cardSources(properties, context),
    element("p", { class: "card-origin", dir: "auto" }, ...origin(event, context)),
  );
}

/**
 * The first line: what kind of event it is, who acted, and how sure that is.
 *
 * @param {Pick<EventProperties, "actor" | "affected" | "category" | "verification">} properties
 * @param {Pick<CardContext, "colour" | "config" | "t">} context
 * @returns {HTMLElement}
 */
export function kindLine(properties, { colour, config, t }) {
  return element(
    "div",
    { class: "card-kind" },
    eventMark(properties, colour),
    element("span", { class: "card-kind-words" }, kindText(properties, config, t)),
    verificationBadge(properties.verification, t),
  );
}

/**
 * The event's mark as the map draws it.
 *
 * @param {Pick<EventProperties, "actor" | "affected" | "category" | "verification">} properties
 * @param {ColourBy} colour
 * @returns {HTMLElement}
 */
export function eventMark({ actor, affected, category, verification }, colour) {
  const slug = { side: affected ?? actor, actor, category, verification }[colour];
  return markIcon(verification, colourProperty(colour, slug));
}

/**
 * The step of the ladder, in words and with the mark that goes with it.
 *
 * @param {string} verification
 * @param {Translate} t
 * @returns {HTMLElement}
 */
function verificationBadge(verification, t) {
  const { name, meaning } = verificationText(verification, t);
  return element("span", { class: "badge", "data-verification": verification, title: meaning }, name);
}

/**
 * The row appears when the history is there: a card may be open before it.
 *
 * @param {EventFeature} event
 * @param {CardContext} context
 * @returns {HTMLElement[]}
 */
function lineThen(event, { lineThen: textOf, watchLine, signal, t }) {
  if (!textOf) return [];
  const row = [element("dt", {}, t("Front line that day")), element("dd", {})];
  const update = () => {
    const words = textOf(event) ?? "";
    row[1]?.replaceChildren(words);
    for (const part of row) part.hidden = words === "";
  };
  update();
  signal.addEventListener("abort", watchLine(update), { once: true });
  return row;
}

/**
 * @param {string} term
 * @param {Node | string | null} description
 * @returns {HTMLElement[]} none: nothing is known of it
 */
export function fact(term, description) {
  return description ? [element("dt", {}, term), element("dd", {}, description)] : [];
}

/**
 * @param {EventProperties} properties
 * @param {CardContext} context
 */
function when(properties, { config, t }) {
  const { text, note, inferred } = whenText(properties, t, config.language);
  const since = dayText(knownSince(properties), config.language);
  return element(
    "span",
    {},
    text,
    note && element("span", { class: "quiet" }, ` (${note})`),
    inferred && element("span", { class: "card-aside" }, inferred),
    since && element("span", { class: "card-aside" }, t("first reported {day}", { day: since })),
  );
}

/** @param {string[]} flags @param {Translate} t */
function sensitivities(flags, t) {
  if (!flags.length) return null;
  return element(
    "ul",
    { class: "card-flags", "aria-label": t("Sensitivity") },
    ...flags.map((flag) => element("li", { class: "flag", "data-flag": flag }, sensitivityText(flag, t))),
  );
}

/**
 * @param {EventFeature} event
 * @param {CardContext} context
 * @returns {(Node | string)[]}
 */
function origin({ id, properties }, { config, t }) {
  const words = [
    t("Source data: {origin}", { origin: properties.attribution ?? properties.origin }),
    properties.licence,
    t("Added {day}", { day: dayText(properties.released_at, config.language) ?? "" }),
    t("Updated {day}", { day: dayText(properties.updated_at, config.language) ?? "" }),
  ];
  return [words.filter(Boolean).join(" · "), " · ", element("a", { href: `/events/${id}` }, t("Permalink"))];
}
