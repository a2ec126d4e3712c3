/**
 * Tells texts that stay in the language of their source from those in the language of the page, by
 * their script: which language a text is in is not known. `app/pages/source_language.py` does the
 * same. Pure.
 */

const SCRIPTS = ["Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Armenian", "Georgian", "Han", "Hangul"].map(
  (name) => new RegExp(`\\p{Script=${name}}`, "gu"),
);
/** Characters of a text that are looked at. */
const LOOKED_AT = 500;

/** @type {Map<string, RegExp | null>} */
const ownScripts = new Map();

/** Returns the script of most letters of a text. @param {string} text @returns {RegExp | null} */
function scriptOf(text) {
  const start = text.slice(0, LOOKED_AT);
  let most = 0;
  /** @type {RegExp | null} */
  let found = null;
  for (const script of SCRIPTS) {
    const letters = start.match(script)?.length ?? 0;
    if (letters > most) [most, found] = [letters, script];
  }
  return found;
}

/** Returns the script of a language, by its own name. @param {string} language BCP 47 */
function scriptOfLanguage(language) {
  let script = ownScripts.get(language);
  if (script === undefined) {
    script = scriptOf(new Intl.DisplayNames([language], { type: "language" }).of(language) ?? "");
    ownScripts.set(language, script);
  }
  return script;
}

/**
 * Returns whether a text is in another script than a page's language.
 *
 * @param {string | null | undefined} text
 * @param {string} language of the page, BCP 47
 */
export function isForeign(text, language) {
  const script = text ? scriptOf(text) : null;
  return script !== null && script !== scriptOfLanguage(language);
}

/**
 * Returns the attribute `lang` of an element with a text: empty, which means unknown, if the text is
 * in another script than the page.
 *
 * @param {string | null | undefined} text
 * @param {string} language of the page, BCP 47
 * @returns {"" | null}
 */
export const foreignLang = (text, language) => (isForeign(text, language) ? "" : null);
