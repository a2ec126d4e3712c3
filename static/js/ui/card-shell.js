/**
 * The card before the event is loaded: the data from the columns, in its final position, and
 * placeholders for the rest.
 */
import { CARD_TITLE, fact, kindLine } from "./event-card.js";
import { element } from "./element.js";
import { affectedText, hereText, kindText } from "./event-text.js";
import { outlineStack } from "./events-here.js";
import { timeToCome, whenText } from "./when-text.js";
import { precisionText } from "./where-text.js";

/** @import { Outline } from "../data/outline.js" */
/** @import { Outlined, Problem } from "../types.js" */
/** @import { CardContext } from "./event-card.js" */

/** @typedef {Pick<CardContext, "colour" | "config" | "t">} ShellContext */

/**
 * Creates the card of outlines. One outline shows its facts; several show a list, because only the
 * server can tell which event the card is about.
 *
 * @param {Outlined} outlined
 * @param {ShellContext} context
 * @returns {HTMLElement}
 */
export function cardShell({ outlines, count, days, problem }, context) {
  const [only] = count === 1 ? outlines : [];
  const isList = !only && outlines.length > 0;
  return element(
    "article",
    { class: "card card-shell", "aria-labelledby": CARD_TITLE },
    isList && element("div", { class: "card-stack" }, outlineStack(outlines, count, days, context)),
    only && kindLine(only.properties, context),
    heading(only, count, problem, context),
    only && facts(only, context),
    problem && trouble(problem, context),
  );
}

/**
 * Creates a placeholder for the title. Screen readers get the known data instead.
 *
 * @param {Outline | undefined} only
 * @param {number} count
 * @param {Problem | null} problem
 * @param {ShellContext} context
 */
function heading(only, count, problem, { config, t }) {
  const attributes = { id: CARD_TITLE, class: "card-title", tabindex: "-1" };
  if (problem) return element("h2", attributes, problem.what);
  const words = only ? kindText(only.properties, config, t) : hereText(count, t);
  return element("h2", attributes, element("span", { class: "visually-hidden" }, words), bar(), bar());
}

/** Creates the facts of an outline. @param {Outline} outline @param {ShellContext} context */
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
 * Creates the row with the day and its precision, with a placeholder for the time of day.
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
    time && element("span", { class: "placeholder-text", "aria-hidden": "true" }, time),
    exactly && element("span", { class: "quiet" }, ` (${exactly})`),
  );
}

/**
 * Creates placeholders for the place in each notation; a line has one for each end.
 * @param {string} shape the geometry's type
 */
function places(shape) {
  const isLine = shape.endsWith("LineString");
  const room = element("ul", { class: "notations", "aria-hidden": "true" });
  room.append(
    ...Array.from({ length: isLine ? 2 : 3 }, () => element("li", {}, element("span", { class: "copy" }, bar()))),
  );
  return isLine ? element("div", {}, element("div", { class: "placeholder-line" }, bar()), room) : room;
}

const bar = () => element("span", { class: "placeholder", "aria-hidden": "true" }, "\u00a0");

/** Creates the error message. @param {Problem} problem @param {ShellContext} context */
function trouble({ why, retry }, { t }) {
  return element(
    "div",
    { class: "card-error", role: "alert" },
    element("p", { dir: "auto" }, why),
    retry && element("button", { type: "button", class: "button", click: retry }, t("Try again")),
  );
}
