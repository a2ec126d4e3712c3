/**
 * Fields that the card shows without a place made for them, as "Title: value": a field that is
 * added to `app/fields` as plain and exported appears without a line of script. Pure.
 * `app/pages/plain_fields.py` does the same for the event's page.
 */
import { formatCount } from "../lib/numbers.js";
import { momentText } from "./when-text.js";

/** @import { Config, PlainField, Translate } from "../types.js" */

/**
 * The word of a closed list that says nothing. It is left out, so that it can never be taken for a
 * good mark.
 */
const UNKNOWN = "unknown";

/**
 * What is known of the plain fields of one event or source.
 *
 * @param {PlainField[]} fields
 * @param {object} properties of the event or source
 * @param {Pick<Config, "language">} config
 * @param {Translate} t
 * @returns {{ name: string, title: string, value: string }[]}
 */
export function plainFields(fields, properties, { language }, t) {
  /** @param {PlainField} field @param {unknown} value */
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
    const known = [raw].flat().filter((one) => one !== null && !(isClosed && one === UNKNOWN));
    const value = known.map((one) => words(field, one)).join(", ");
    return value ? [{ name: field.name, title: field.title, value }] : [];
  });
}
