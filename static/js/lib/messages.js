/**
 * The words of the page in the reader's language.
 *
 * @import { Translate } from "../types.js"
 */

/**
 * The English text is the key; a text without a translation stays English. `{name}` in it is replaced by the value of that name.
 *
 * @example createTranslate(config.messages)("Nearest: {day}", { day: "14 July" })
 *
 * @param {Record<string, string>} messages English to the reader's language
 * @returns {Translate}
 */
export function createTranslate(messages) {
  return (english, values = {}) => {
    const text = Object.hasOwn(messages, english) ? messages[english] : english;
    return (text || english).replace(/\{(\w+)\}/g, (placeholder, name) =>
      Object.hasOwn(values, name) ? String(values[name]) : placeholder,
    );
  };
}
