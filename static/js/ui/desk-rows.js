/**
 * Rows of the event list of the bulk editor.
 *
 * @import { Translate } from "../types.js"
 */
import { element } from "./element.js";
import { whenText } from "./when-text.js";

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {number} version
 * @property {string} title
 * @property {string} category
 * @property {string} verification
 * @property {string} origin
 * @property {string} happened_from
 * @property {string} happened_to
 * @property {string} time_precision
 * @property {number} longitude
 * @property {number} latitude
 */

/**
 * Creates a row.
 * @param {Row} row
 * @param {Record<string, string>} words
 * @param {Translate} t
 * @param {string} language BCP 47
 */
export function eventRow(row, words, t, language) {
  const facts = [words[row.category] ?? row.category, words[row.verification] ?? row.verification];
  facts.push(whenText({ ...row, time_inferred: false }, t, language).text);
  if (row.origin !== "desk") facts.push(row.origin);
  return element(
    "li",
    { class: "queue-item" },
    element("input", {
      type: "checkbox",
      class: "bulk-box",
      value: row.id,
      "aria-label": t("Select {title}", { title: row.title }),
    }),
    element(
      "a",
      {
        href: `/desk/events/${row.id}${location.search.includes("lang=") ? `?lang=${document.documentElement.lang}` : ""}`,
      },
      element("span", { class: "queue-title", dir: "auto" }, row.title),
      element("span", { class: "queue-facts" }, ...facts.map((fact) => element("span", {}, fact))),
    ),
  );
}
