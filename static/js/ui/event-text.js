/**
 * Formats events as text: category, verification, claims and sources. Pure. See also `when-text.js`
 * and `where-text.js`.
 */

/** @import { Claim, Config, EventProperties, Translate } from "../types.js" */

/**
 * Formats the category, and says if it was guessed: "Infiltration (guessed from the text)".
 *
 * @param {Pick<EventProperties, "category" | "category_guessed">} event
 * @param {Config} config
 * @param {Translate} t
 * @returns {string}
 */
export function categoryText(event, config, t) {
  const name = config.theatre.categories.find(({ slug }) => slug === event.category)?.name ?? event.category;
  return event.category_guessed ? t("{category} (guessed from the text)", { category: name }) : name;
}

/**
 * Formats the category and the actor: "Infiltration · by Russian forces".
 *
 * @param {Pick<EventProperties, "category" | "category_guessed" | "actor">} event
 * @param {Config} config
 * @param {Translate} t
 * @returns {string}
 */
export function kindText(event, config, t) {
  const category = categoryText(event, config, t);
  const actor = config.theatre.belligerents.find(({ slug }) => slug === event.actor);
  return actor ? t("{category} · by {adjective} forces", { category, adjective: actor.adjective }) : category;
}

/**
 * Formats the number of events at a position.
 *
 * @param {number} count
 * @param {Translate} t
 */
export function hereText(count, t) {
  return t.plural("{count} event here", "{count} events here", count, { count });
}

/**
 * Returns the name of the affected side; null if unknown.
 *
 * @param {Pick<EventProperties, "affected">} event
 * @param {Config} config
 * @returns {string | null}
 */
const affectedName = ({ affected }, { theatre }) =>
  theatre.belligerents.find(({ slug }) => slug === affected)?.name ?? null;

/**
 * Describes the affected side in a sentence.
 *
 * @param {Pick<EventProperties, "affected">} event
 * @param {Config} config
 * @param {Translate} t
 * @returns {string}
 */
export function affectedText(event, config, t) {
  const side = affectedName(event, config);
  return side ? t("{side}: its people or equipment are shown or hit", { side }) : t("Unknown or both");
}

/**
 * Describes the affected side in a list: "Affected side: Russia"; null if unknown.
 *
 * @param {Pick<EventProperties, "affected">} event
 * @param {Config} config
 * @param {Translate} t
 */
export function affectedNote(event, config, t) {
  const side = affectedName(event, config);
  return side ? t("Affected side: {side}", { side }) : null;
}

/**
 * Returns the name of a verification and its meaning.
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
 * Returns the warning to show before the sources.
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

/** Parties with a plural verb. */
const SEVERAL = new Set(["bloggers", "unnamed"]);

/** Parties that observe. Statements of others about their own war are called claims. */
const OBSERVERS = new Set(["think_tank", "outlet", "eyewitness"]);

/**
 * Describes a party's stance: `tone` selects the style, `verb` is the text.
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
 * Describes a disagreement about the event: the number of parties on each side.
 *
 * @param {Pick<Claim, "stance" | "about">[]} claims
 * @param {Translate} t
 * @returns {string | null} null: no party denies, or none asserts
 */
export function disagreementText(claims, t) {
  const about = claims.filter((claim) => claim.about === "event");
  const denying = about.filter((claim) => claim.stance === "denies").length;
  const asserting = about.length - denying;
  if (!denying || !asserting) return null;
  return t("Disputed: {asserting} for, {denying} against", { asserting, denying });
}

/** Source classes that represent a belligerent. */
const WARRING = new Set(["party", "state_affiliated"]);

/**
 * Returns a warning if all sources represent a belligerent.
 *
 * @param {Pick<import("../types.js").EventSource, "source_class">[]} sources
 * @param {Translate} t
 * @returns {string | null} null: another or an unclassified source, or no sources
 */
export function onlyWarringText(sources, t) {
  if (!sources.length || !sources.every((source) => WARRING.has(source.source_class))) return null;
  const areParties = sources.every((source) => source.source_class === "party");
  return areParties ? t("only party sources") : t("no independent source");
}

/**
 * Describes the role of a source.
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

/**
 * Returns the texts whose words are not all in an earlier one: "x.com" says what "x" says.
 * A text without words, such as an emoji, is compared as a whole.
 *
 * @param {string} said
 * @param {(string | null)[]} texts
 * @returns {(string | null)[]} null: said already
 */
export function withoutRepeats(said, texts) {
  /** @param {string} text */
  const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  const known = new Set([said, ...wordsOf(said)]);
  return texts.map((text) => {
    if (!text) return null;
    const found = wordsOf(text);
    const words = found.length ? found : [text];
    if (words.every((word) => known.has(word))) return null;
    for (const word of words) known.add(word);
    return text;
  });
}
