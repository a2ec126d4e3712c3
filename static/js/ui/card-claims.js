/** The card's "Who says what": the claims of each party side by side, neither merged nor rated. */
import { foreignLang } from "../lib/source-language.js";
import { webLink } from "../lib/web-link.js";
import { outwardLink } from "./card-sources.js";
import { element } from "./element.js";
import { disagreementText, stanceText } from "./event-text.js";
import { dayText } from "./when-text.js";

/** @import { Claim, EventProperties, EventSource } from "../types.js" */
/** @import { CardContext } from "./event-card.js" */

/**
 * Creates the section.
 *
 * @param {EventProperties} properties
 * @param {CardContext} context
 * @returns {HTMLElement | null} null: no claims
 */
export function cardClaims(properties, context) {
  const { t } = context;
  const { claims } = properties;
  if (!claims.length) return null;
  const disagreement = disagreementText(claims, t);
  const aboutArea = claims.filter(({ about }) => about === "area");
  const aboutEvent = claims.filter(({ about }) => about !== "area");
  return element(
    "section",
    { class: "card-part", "aria-labelledby": "card-claims" },
    element("h3", { id: "card-claims" }, t("Who says what")),
    disagreement && element("p", { class: "disagreement" }, disagreement),
    claimList(aboutEvent, properties.sources, context),
    aboutArea.length > 0 && element("h4", {}, t("About the area")),
    claimList(aboutArea, properties.sources, context),
  );
}

/**
 * Creates the list of claims.
 *
 * @param {Claim[]} claims
 * @param {EventSource[]} sources the sources of the claims
 * @param {Pick<CardContext, "config" | "t">} context
 * @returns {HTMLElement | null} null: no claims
 */
export function claimList(claims, sources, context) {
  if (!claims.length) return null;
  return element("ul", { class: "claims" }, ...claims.map((claim) => item(claim, sources, context)));
}

/**
 * Creates the entry of a claim.
 *
 * @param {Claim} claim
 * @param {EventSource[]} sources
 * @param {Pick<CardContext, "config" | "t">} context
 */
function item(claim, sources, { config, t }) {
  const source = sources.find(({ id }) => id === claim.source_id);
  const stated = dayText(claim.stated_at ?? source?.published_at, config.language);
  const { tone, verb } = stanceText(claim, t);
  return element(
    "li",
    { class: "claim", "data-tone": tone },
    element(
      "p",
      { class: "claim-party" },
      element("b", { dir: "auto" }, claim.party),
      " ",
      element("span", { class: "stance" }, verb),
      stated && element("span", { class: "claim-when" }, ` ${stated}`),
    ),
    element(
      "blockquote",
      { class: "claim-statement", dir: "auto", lang: foreignLang(claim.statement, config.language) },
      claim.statement,
    ),
    chain(claim.chain, source, t),
  );
}

/**
 * Formats the chain of a claim: "article (fakti.bg) ← News.bg ← ISW". The nearest link is the
 * source itself.
 *
 * @param {string[]} links
 * @param {EventSource | undefined} source
 * @param {CardContext["t"]} t
 */
function chain(links, source, t) {
  const [nearest = source?.name, ...further] = links;
  if (!nearest) return null;
  const link = webLink(source?.url);
  return element(
    "p",
    { class: "claim-chain", dir: "auto" },
    element("span", { class: "visually-hidden" }, t("Reported through:")),
    " ",
    link ? outwardLink(link.href, nearest) : nearest,
    ...further.map((step) => ` ← ${step}`),
  );
}
