/**
 * An event in words: what kind, how sure, who says it. Pure: values in, text out; the page decides
 * where it stands. `when-text.js` and `where-text.js` say the rest.
 */

/** @import { Claim, Config, EventProperties, Translate } from "../types.js" */

/**
 * The kind of event and who acted, "Infiltration · Russian forces".
 *
 * @param {Pick<EventProperties, "category" | "actor">} event
 * @param {Config} config
 * @param {Translate} t
 * @returns {string}
 */
export function kindText(event, config, t) {
  const category = config.theatre.categories.find(({ slug }) => slug === event.category)?.name ?? event.category;
  const actor = config.theatre.belligerents.find(({ slug }) => slug === event.actor);
  return actor ? t("{category} · {adjective} forces", { category, adjective: actor.adjective }) : category;
}

/**
 * Whose people or equipment are shown or hit; null when nobody says.
 *
 * @param {Pick<EventProperties, "affected">} event
 * @param {Config} config
 * @param {Translate} t
 * @returns {string | null}
 */
export function affectedText(event, config, t) {
  const affected = config.theatre.belligerents.find(({ slug }) => slug === event.affected);
  return affected ? t("{adjective} people or equipment (hit or shown)", { adjective: affected.adjective }) : null;
}

/**
 * A step of the ladder of verification: its name and what it means.
 *
 * @param {string} verification
 * @param {Translate} t
 * @returns {{ name: string, meaning: string }}
 */
export function verificationText(verification, t) {
  switch (verification) {
    case "reported":
      return { name: t("Reported"), meaning: t("reported by someone; no footage matched to the place") };
    case "geolocated":
      return { name: t("Geolocated"), meaning: t("footage has been matched to the place") };
    case "confirmed":
      return { name: t("Confirmed"), meaning: t("geolocated and independently corroborated") };
    case "disputed":
      return { name: t("Disputed"), meaning: t("there are good reasons to doubt it") };
    case "refuted":
      return { name: t("Refuted"), meaning: t("shown to be wrong") };
    default:
      return { name: verification, meaning: "" };
  }
}

/**
 * What a reader should know before opening the sources.
 *
 * @param {string} sensitivity
 * @param {Translate} t
 * @returns {string}
 */
export function sensitivityText(sensitivity, t) {
  switch (sensitivity) {
    case "graphic":
      return t("graphic footage");
    case "civilians":
      return t("shows civilians");
    case "own_positions":
      return t("shows positions");
    case "personal_data":
      return t("shows personal data");
    case "prisoners":
      return t("shows prisoners of war");
    default:
      return sensitivity;
  }
}

/** Parties that speak in the plural. */
const SEVERAL = new Set(["bloggers", "unnamed"]);

/** Parties that watch; what the others say of their own war is called a claim. */
const OBSERVERS = new Set(["think_tank", "outlet", "eyewitness"]);

/**
 * What a party does with its statement: `tone` is for the eye, `verb` for everybody.
 *
 * @param {Pick<Claim, "stance" | "party_kind">} claim
 * @param {Translate} t
 * @returns {{ tone: "asserts" | "claims" | "denies", verb: string }}
 */
export function stanceText(claim, t) {
  const several = SEVERAL.has(claim.party_kind);
  if (claim.stance === "denies") return { tone: "denies", verb: several ? t("deny") : t("denies") };
  if (OBSERVERS.has(claim.party_kind)) return { tone: "asserts", verb: t("asserts") };
  return { tone: "claims", verb: several ? t("claim") : t("claims") };
}

/**
 * How many stand on each side, when they do not agree about the event itself.
 *
 * @param {Pick<Claim, "stance" | "about">[]} claims
 * @param {Translate} t
 * @returns {string | null} null when nobody denies, or nobody asserts
 */
export function disagreementText(claims, t) {
  const about = claims.filter((claim) => claim.about === "event");
  const denying = about.filter((claim) => claim.stance === "denies").length;
  const asserting = about.length - denying;
  if (!denying || !asserting) return null;
  return t("Disputed: {asserting} for, {denying} against", { asserting, denying });
}

/** Classes of sources that speak for a belligerent. */
const WARRING = new Set(["party", "state_affiliated"]);

/**
 * That all sources speak for a belligerent: nobody else says what they say.
 *
 * @param {Pick<import("../types.js").EventSource, "source_class">[]} sources
 * @param {Translate} t
 * @returns {string | null} null when one of them does not, or is not classified, and without
 *   sources
 */
export function onlyWarringText(sources, t) {
  if (!sources.length || !sources.every((source) => WARRING.has(source.source_class))) return null;
  const areParties = sources.every((source) => source.source_class === "party");
  return areParties ? t("only party sources") : t("no independent source");
}

/**
 * What a source is for the event.
 *
 * @param {string} kind
 * @param {Translate} t
 * @returns {string}
 */
export function sourceKindText(kind, t) {
  switch (kind) {
    case "footage":
      return t("footage");
    case "geolocation":
      return t("geolocation");
    case "report":
      return t("report");
    case "statement":
      return t("statement");
    default:
      return kind;
  }
}
