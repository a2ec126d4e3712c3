/**
 * Fields that the card shows as "Title: value". A field in `app/fields` that is plain and exported
 * appears without a change here. Pure. `app/pages/plain_fields.py` does the same for the event's
 * page.
 */
import { isolate } from "../lib/bidi.js";
import { formatCount } from "../lib/numbers.js";
import { momentText } from "./when-text.js";

/** @import { Config, PlainField, Translate } from "../types.js" */

/**
 * The value for unknown in a closed list. It is left out, so that it is not mistaken for an
 * assessment.
 */
const UNKNOWN = "unknown";

/**
 * Returns the texts of the plain fields of an event or source.
 *
 * @param {PlainField[]} fields
 * @param {object} properties of the event or source
 * @param {Pick<Config, "language">} config
 * @param {Translate} t
 * @returns {{ name: string, title: string, value: string }[]}
 */
export function plainFields(fields, properties, { language }, t) {
  /** Formats a value. @param {PlainField} field @param {unknown} value */
  const words = (field, value) => {
    if (typeof value === "boolean") return value ? t("yes") : t("no");
    if (typeof value === "number") return formatCount(value, language);
    const text = String(value);
    if (field.type === "moment") return momentText(text, t, language);
    return Object.hasOwn(field.words, text) ? (field.words[text] ?? text) : text;
  };
  return fields.flatMap((field) => {
    const raw = /** @type {Record<string, unknown>} */ (properties)[field.name] ?? [];
    const isClosed = Object.keys(field.words).length > 0;
    const values = [raw]
      .flat()
      .filter((one) => one !== null && one !== field.default && !(isClosed && one === UNKNOWN));
    const value = values.map((one) => isolate(words(field, one))).join(", ");
    return value ? [{ name: field.name, title: field.title, value }] : [];
  });
}
