/** The card of one event: what, when, where, the claims and the sources. */
import { isolate } from "../lib/bidi.js";
import { colourProperty } from "../lib/colours.js";
import { foreignLang, isForeign } from "../lib/source-language.js";
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
 * The context of all parts of the card.
 * @typedef {object} CardContext
 * @property {Config} config
 * @property {Translate} t
 * @property {Api} api
 * @property {ColourBy} colour the colour scheme
 * @property {((event: EventFeature) => string | null) | null} lineThen returns the status of the
 *   place then; null: unknown or not loaded
 * @property {(run: () => void) => () => void} watchLine calls a function when a history is loaded;
 *   returns a function to stop
 * @property {AbortSignal} signal aborts the card's requests when another card replaces it
 */

/** The id of the heading, which labels the panel and receives the focus. */
export const CARD_TITLE = "card-title";

/**
 * Creates the card. Only the nearest settlement needs a further request.
 *
 * @param {EventFeature} event
 * @param {CardContext} context
 * @returns {HTMLElement}
 */
export function eventCard(event, context) {
  const { config, t } = context;
  const { properties } = event;
  const { title, description, claims } = properties;
  const texts = [title, description, ...claims.map(({ statement }) => statement)];
  /** @param {string} text */
  const attributes = (text) => ({ dir: "auto", lang: foreignLang(text, config.language) });
  return element(
    "article",
    { class: "card", "aria-labelledby": CARD_TITLE },
    kindLine(properties, context),
    element("h2", { id: CARD_TITLE, class: "card-title", tabindex: "-1", ...attributes(title) }, title),
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
    description && element("p", { class: "card-description", ...attributes(description) }, description),
    texts.some((text) => isForeign(text, config.language)) &&
      element("p", { class: "note" }, t("Title, description and statements are in the language of their source.")),
    cardClaims(properties, context),
    cardSources(properties, context),
    element("p", { class: "card-origin", dir: "auto" }, ...origin(event, context)),
  );
}

/**
 * Creates the first line: the category, the actor and the verification.
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
    element("span", { class: "card-kind-name" }, kindText(properties, config, t)),
    verificationBadge(properties.verification, t),
  );
}

/**
 * Creates the event's mark as on the map.
 *
 * @param {Pick<EventProperties, "actor" | "affected" | "category" | "verification"> & { doubt?:
 *   object | null }} properties
 * @param {ColourBy} colour
 * @returns {HTMLElement}
 */
export function eventMark({ actor, affected, category, verification, doubt }, colour) {
  const slug = { side: affected, actor, category, verification }[colour];
  return markIcon(verification, colourProperty(colour, slug), Boolean(doubt));
}

/**
 * Creates the badge of a verification.
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
 * Creates the row of the status. The row appears when the history is loaded, which may be later.
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
    row[1]?.replaceChildren(isolate(words));
    for (const part of row) part.hidden = words === "";
  };
  update();
  signal.addEventListener("abort", watchLine(update), { once: true });
  return row;
}

/**
 * Creates a row.
 *
 * @param {string} term
 * @param {Node | string | null} description
 * @returns {HTMLElement[]} empty: no description
 */
export function fact(term, description) {
  return description ? [element("dt", {}, term), element("dd", {}, description)] : [];
}

/**
 * Creates the row with the time.
 *
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

/** Creates the content warnings. @param {string[]} flags @param {Translate} t */
function sensitivities(flags, t) {
  if (!flags.length) return null;
  return element(
    "ul",
    { class: "card-flags", "aria-label": t("Sensitivity") },
    ...flags.map((flag) => element("li", { class: "flag", "data-flag": flag }, sensitivityText(flag, t))),
  );
}

/**
 * Creates the line with the data's origin.
 *
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
