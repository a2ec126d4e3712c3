/**
 * Translates the texts of the page into the reader's language.
 *
 * @import { Messages, Translate, Values } from "../types.js"
 */

import { isolate } from "./bidi.js";
import { formatCount } from "./numbers.js";

/**
 * Returns the function that translates. The English text is the key; a text without a translation
 * stays English. Numbers that are filled in are formatted in the language.
 *
 * @example createTranslate(config.messages, "uk")("Nearest: {day}", { day: "14 July" })
 * @example t.plural("{count} event", "{count} events", count, { count })
 *
 * @param {Messages} messages English to the reader's language
 * @param {string} language BCP 47
 * @returns {Translate}
 */
export function createTranslate(messages, language) {
  const rules = new Intl.PluralRules(language);
  /** @param {string} english */
  const translation = (english) => (Object.hasOwn(messages, english) ? messages[english] : undefined);

  /** Fills values in. @param {string} text @param {Values} [values] */
  const fill = (text, values = {}) =>
    text.replace(/\{(\w+)\}/g, (placeholder, name) => {
      const value = Object.hasOwn(values, name) ? values[name] : placeholder;
      return typeof value === "number" ? formatCount(value, language) : isolate(String(value));
    });

  /** @param {string} english @param {Values} [values] */
  function translate(english, values) {
    const text = translation(english);
    return fill(typeof text === "string" && text ? text : english, values);
  }

  /**
   * @param {string} singular
   * @param {string} plural
   * @param {number} number
   * @param {Values} [values]
   */
  function translatePlural(singular, plural, number, values) {
    const forms = translation(singular);
    if (typeof forms !== "object") return fill(number === 1 ? singular : plural, values);
    // Fractions may have a category that no integer has.
    return fill(forms[rules.select(number)] ?? Object.values(forms).at(-1) ?? plural, values);
  }

  return Object.assign(translate, { plural: translatePlural });
}
