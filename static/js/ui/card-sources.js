/** The card's sources: links to other sites. Nothing is loaded from them. */
import { isolate, joinIsolated } from "../lib/bidi.js";
import { webLink } from "../lib/web-link.js";
import { element } from "./element.js";
import { sourceKindText, withoutRepeats } from "./event-text.js";
import { plainFields } from "./plain-fields.js";
import { dayText } from "./when-text.js";

/** @import { EventProperties, EventSource } from "../types.js" */
/** @import { CardContext } from "./event-card.js" */

/**
 * Creates the section.
 *
 * @param {EventProperties} properties
 * @param {CardContext} context
 * @returns {HTMLElement}
 */
export function cardSources(properties, context) {
  const { t } = context;
  const { sources, sensitivity } = properties;
  return element(
    "section",
    { class: "card-part", "aria-labelledby": "card-sources" },
    element("h3", { id: "card-sources" }, t("Sources")),
    sensitivity.includes("graphic") &&
      element("p", { class: "quiet" }, t("The footage is graphic. It is not shown here; the links lead to it.")),
    sources.length
      ? element("ul", { class: "sources" }, ...sources.map((source) => item(source, context)))
      : element("p", { class: "quiet" }, t("No sources recorded.")),
  );
}

/**
 * Creates a link to another site, without a referrer.
 *
 * @param {string} href http or https
 * @param {string} text
 * @returns {HTMLAnchorElement}
 */
export function outwardLink(href, text) {
  return element("a", { href, target: "_blank", rel: "noopener noreferrer nofollow", dir: "auto" }, text);
}

/**
 * Creates the entry of a source.
 *
 * @param {EventSource} source
 * @param {CardContext} context
 */
function item(source, { config, t }) {
  const link = webLink(source.url);
  const archive = webLink(source.archive_url);
  const deleted = source.status === "deleted";
  const [author, site, publisher] = withoutRepeats(source.name, [
    source.author,
    link ? link.site : source.platform,
    source.publisher,
  ]);
  const posted = dayText(source.published_at, config.language);
  const facts = [sourceKindText(source.kind, t), posted && t("posted {day}", { day: posted })];
  const more = [
    author && t("by {author}", { author }),
    publisher,
    site,
    link ? null : t("no link available"),
    posted || !link ? null : t("date of post unknown"),
    t("added {day}", { day: dayText(source.first_seen_at, config.language) ?? "" }),
    source.status === "live" && t("online when last checked"),
  ];
  return element(
    "li",
    { class: "source", "data-status": source.status },
    element(
      "span",
      { class: "source-name" },
      link ? outwardLink(link.href, source.name) : element("span", { dir: "auto" }, source.name),
    ),
    element("span", { class: "source-facts" }, facts.filter(Boolean).join(" · ")),
    ...plainFields(config.fields.source, source, config, t).map(({ name, title, value }) =>
      element("span", { class: "source-field", "data-field": name }, `${title}: ${isolate(value)}`),
    ),
    element("span", { class: "source-more", dir: "auto" }, joinIsolated(more, " · ")),
    deleted && element("span", { class: "source-deleted" }, t("deleted at the source")),
    archive && element("span", { class: "source-archive" }, outwardLink(archive.href, t("archived copy"))),
  );
}
