/**
 * The plain fields of a form, rendered from the field table by the macro `plain_field` of
 * templates/desk/plain-field.html. Values are read and filled by type, whatever the field's name. A
 * new field needs no change here.
 */

/** Returns the plain fields. @param {HTMLFormElement} form @returns {HTMLInputElement[]} */
const plainInputs = (form) => [...form.querySelectorAll(/** @type {"input"} */ ("[data-plain]"))];

/**
 * Returns the values of the plain fields in the API's format: null for an empty field.
 *
 * @param {HTMLFormElement} form
 * @returns {Record<string, string | number | boolean | null>}
 */
export function readPlain(form) {
  return Object.fromEntries(plainInputs(form).map((input) => [input.name, valueOf(input)]));
}

/** Returns the value of a field. @param {HTMLInputElement} input */
function valueOf(input) {
  if (input.dataset.plain === "flag") return input.checked;
  const typed = input.value.trim();
  if (!typed) return null;
  return input.dataset.plain === "number" ? Number(typed) : typed;
}

/**
 * Fills the plain fields. A field that the record lacks stays unchanged.
 *
 * @param {HTMLFormElement} form
 * @param {Record<string, any>} record from the API
 */
export function fillPlain(form, record) {
  for (const input of plainInputs(form)) {
    if (!(input.name in record)) continue;
    if (input.dataset.plain === "flag") input.checked = Boolean(record[input.name]);
    else input.value = record[input.name] ?? "";
  }
}
