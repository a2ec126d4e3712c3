/**
 * The card before the server has told: what the columns say of the events at the spot that was
 * chosen, each thing where the card will have it, and room for the rest.
 */
import { CARD_TITLE, fact, kindLine } from "./event-card.js";
import { element } from "./element.js";
import { affectedText, kindText } from "./event-text.js";
import { outlineStack } from "./events-here.js";
import { timeToCome, whenText } from "./when-text.js";
import { precisionText } from "./where-text.js";

/** @import { Outline } from "../data/outline.js" */
/** @import { Outlined, Problem } from "../types.js" */
/** @import { CardContext } from "./event-card.js" */

/** @typedef {Pick<CardContext, "colour" | "config" | "t">} ShellContext */

/**
 * Of one event its facts, of several a list: which of them the card will be about only the server
 * can tell.
 *
 * @param {Outlined} outlined
 * @param {ShellContext} context
 * @returns {HTMLElement}
 */
export function cardShell({ outlines, count, problem }, context) {
  const [only] = count === 1 ? outlines : [];
  const isList = !only && outlines.length > 0;
  return element(
    "article",
    { class: "card card-shell", "aria-labelledby": CARD_TITLE },
    isList && element("div", { class: "card-stack" }, outlineStack(outlines, count, context)),
    only && kindLine(only.properties, context),
    heading(only, count, problem, context),
    only && facts(only, context),
    problem && trouble(problem, context),
  );
}

/**
 * Room for the title; whoever hears the page is told what is known instead.
 *
 * @param {Outline | undefined} only
 * @param {number} count
 * @param {Problem | null} problem
 * @param {ShellContext} context
 */
function heading(only, count, problem, { config, t }) {
  const attributes = { id: CARD_TITLE, class: "card-title", tabindex: "-1" };
  if (problem) return element("h2", attributes, problem.what);
  const words = only
    ? kindText(only.properties, config, t)
    : t.plural("{count} event here", "{count} events here", count, { count });
  return element("h2", attributes, element("span", { class: "visually-hidden" }, words), bar(), bar());
}

/** @param {Outline} outline @param {ShellContext} context */
function facts(outline, { config, t }) {
  const { geometry, properties } = outline;
  return element(
    "dl",
    { class: "card-facts" },
    ...fact(t("When"), when(outline, { config, t })),
    ...fact(t("Affected side"), affectedText(properties, config, t)),
    ...fact(
      t("Where"),
      element(
        "div",
        { class: "where" },
        places(geometry.type),
        element("span", {}, precisionText(properties.precision_m, geometry.type, t, config.language)),
      ),
    ),
  );
}

/**
 * The day, and how exactly it is known; room for a time of day.
 *
 * @param {Outline} outline
 * @param {Pick<ShellContext, "config" | "t">} context
 */
function when({ properties, timePrecision }, { config, t }) {
  const { text, note } = whenText(properties, t, config.language);
  const time = timeToCome(timePrecision, t);
  const exactly = time === null ? note : timePrecision === "hour" ? t("known to the hour") : null;
  return element(
    "span",
    {},
    text,
    time && element("span", { class: "awaited-words", "aria-hidden": "true" }, time),
    exactly && element("span", { class: "quiet" }, ` (${exactly})`),
  );
}

/**
 * Room for the place in every notation; a line has two, its ends.
 * @param {string} shape the geometry's type
 */
function places(shape) {
  const isLine = shape.endsWith("LineString");
  const room = element("ul", { class: "notations", "aria-hidden": "true" });
  room.append(
    ...Array.from({ length: isLine ? 2 : 3 }, () => element("li", {}, element("span", { class: "copy" }, bar()))),
  );
  return isLine ? element("div", {}, element("div", { class: "awaited-line" }, bar()), room) : room;
}

const bar = () => element("span", { class: "awaited", "aria-hidden": "true" }, "\u00a0");

/** @param {Problem} problem @param {ShellContext} context */
function trouble({ why, retry }, { t }) {
  return element(
    "div",
    { class: "card-trouble", role: "alert" },
    element("p", { dir: "auto" }, why),
    retry && element("button", { type: "button", class: "button", click: retry }, t("Try again")),
  );
}
