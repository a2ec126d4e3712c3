/**
 * The plain fields of a form, which the macro `plain_field` of templates/desk/plain-field.html
 * renders from the table of fields: read and filled by their type, whatever their names. A new one
 * needs no edit here.
 */

/** @param {HTMLFormElement} form @returns {HTMLInputElement[]} */
const plainInputs = (form) => [...form.querySelectorAll(/** @type {"input"} */ ("[data-plain]"))];

/**
 * Returns what the plain fields hold, as the API takes it: null for one that is empty.
 *
 * @param {HTMLFormElement} form
 * @returns {Record<string, string | number | boolean | null>}
 */
export function readPlain(form) {
  return Object.fromEntries(plainInputs(form).map((input) => [input.name, valueOf(input)]));
}

/** @param {HTMLInputElement} input */
function valueOf(input) {
  if (input.dataset.plain === "flag") return input.checked;
  const typed = input.value.trim();
  if (!typed) return null;
  return input.dataset.plain === "number" ? Number(typed) : typed;
}

/**
 * Fills the plain fields; one that the record lacks stays as it is.
 *
 * @param {HTMLFormElement} form
 * @param {Record<string, any>} record as the API gives it
 */
export function fillPlain(form, record) {
  for (const input of plainInputs(form)) {
    if (!(input.name in record)) continue;
    if (input.dataset.plain === "flag") input.checked = Boolean(record[input.name]);
    else input.value = record[input.name] ?? "";
  }
}
