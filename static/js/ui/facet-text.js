/**
 * Texts of the facets: title, values and their meanings.
 *
 * @import { Config, Translate } from "../types.js"
 * @import { Facet } from "../state/facets.js"
 * @import { Option } from "./options.js"
 */
import { colourProperty } from "../lib/colours.js";
import { FACETS, SOURCE_CLASSES, VERIFICATIONS } from "../state/facets.js";
import { verificationText } from "./event-text.js";
import { markIcon } from "./mark-icon.js";

/**
 * @typedef {object} FacetText
 * @property {string} title
 * @property {string} [label] a short title for the chip; its popover and tooltip have the title
 * @property {Option[]} options parents before their children
 * @property {string} [explanation] when an event matches, if not obvious
 * @property {(count: number, all: number) => string} [unstated] says for how many events nobody
 *   stated a value
 * @property {boolean} [hasNames] the options are proper names, never in lower case
 * @property {number} [fewest] minimum number of options for a choice
 * @property {(chosen: string[]) => string | null} [summary] returns a short text for a choice
 */

/** Returns the value of events for which nobody stated one. @param {Facet} name */
const unstatedOf = (name) => {
  const facet = FACETS.find((one) => one.name === name);
  return facet && "unstated" in facet ? facet.unstated : null;
};

/**
 * Returns the texts of all facets.
 * @param {Config} config
 * @param {Translate} t
 * @returns {Record<Facet, FacetText>}
 */
export function facetText({ theatre, origins, fields }, t) {
  const sourceClass = fields.source.find(({ name }) => name === "source_class");
  /** @type {Record<string, string>} */
  const meanings = {
    party: t("a belligerent: its forces, ministries or officials"),
    state_affiliated: t("media that a belligerent's state owns or directs"),
    independent: t("neither a belligerent nor under its direction"),
    unknown: t("not classified yet; does not count as independent"),
  };
  return {
    category: {
      title: t("Category"),
      ...(theatre.guesses_categories && {
        explanation: t("Some categories are guessed from the text. Those events match, too, and say so."),
      }),
      options: theatre.categories.map(({ slug, name, parent }) => ({
        slug,
        name,
        parent,
        ...(slug === unstatedOf("category") && { note: t("or not stated") }),
      })),
      unstated: (count, all) =>
        count === all
          ? t("No event of this selection names a category.")
          : t.plural(
              "{count} of {all} event names no category. It may belong to any.",
              "{count} of {all} events name no category. They may belong to any.",
              all,
              { count, all },
            ),
    },
    side: {
      title: t("Acting or affected side"),
      label: t("Side"),
      explanation: t("Shows events in which a ticked side acted, or its people or equipment are shown or hit."),
      options: theatre.belligerents.map(({ slug, name }) => ({
        slug,
        name,
        mark: markIcon("geolocated", colourProperty("side", slug)),
      })),
      unstated: (count, all) =>
        count === all
          ? t("No event of this selection names a side.")
          : t.plural("{count} of {all} event names no side.", "{count} of {all} events name no side.", all, {
              count,
              all,
            }),
      hasNames: true,
      summary: ({ length }) => (length === 2 && theatre.belligerents.length === 2 ? t("both") : null),
    },
    verification: {
      title: t("Verification"),
      options: VERIFICATIONS.map((slug) => {
        const { name, meaning } = verificationText(slug, t);
        return { slug, name, meaning, mark: markIcon(slug, "--ink") };
      }),
      summary(chosen) {
        if (chosen.length === VERIFICATIONS.length) return t("all");
        const isMatched = chosen.length === 2 && chosen.includes("geolocated") && chosen.includes("confirmed");
        return isMatched ? t("geolocated or confirmed") : null;
      },
    },
    source_class: {
      title: t("Sources"),
      options: SOURCE_CLASSES.map((slug) => ({
        slug,
        name: sourceClass?.words[slug] ?? slug,
        note: meanings[slug],
      })),
      explanation: t("Shows events with at least one source of a ticked kind."),
      unstated: (count, all) =>
        count === all
          ? t("No event of this selection has a classified source.")
          : t.plural(
              "{count} of {all} event has no classified source.",
              "{count} of {all} events have no classified source.",
              all,
              { count, all },
            ),
    },
    origin: {
      title: t("Origin"),
      options: origins.map(({ slug, name }) => ({ slug, name })),
      explanation: t("Where the event comes from: our desk or an external data set"),
      hasNames: true,
      fewest: 2,
    },
  };
}
