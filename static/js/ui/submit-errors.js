/**
 * Form errors: each beside its field, and a summary with a link to each, like the server renders
 * them.
 */
import { fieldOf } from "./submit-draft.js";
import { element } from "./element.js";

/** @import { Translate } from "../types.js" */
/** @import { FieldError } from "../data/submissions.js" */

/**
 * Creates the errors.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} summary
 * @param {{ words: Record<string, string>, t: Translate }} options `words`: messages by code, or by
 *   field and code
 */
export function createFormErrors(form, summary, { words, t }) {
  /** Returns the field of a name. @param {string} name @returns {HTMLElement | null} */
  const fieldNamed = (name) => form.querySelector(`[id="${CSS.escape(name)}"]`);

  /** Returns the label of a field. @param {string} name @returns {string} the label */
  function labelOf(name) {
    const field = fieldNamed(name);
    const [label] =
      field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement
        ? [...(field.labels ?? [])]
        : [];
    return label?.textContent?.trim() ?? field?.ariaLabel ?? "";
  }

  /** Removes the error of a field. @param {string} name */
  function clear(name) {
    document.getElementById(`${name}-error`)?.remove();
    const field = fieldNamed(name);
    if (!field) return;
    field.removeAttribute("aria-invalid");
    describe(field, `${name}-error`, false);
  }

  /** Shows the error of a field. @param {string} name @param {string} message */
  function show(name, message) {
    clear(name);
    const field = fieldNamed(name);
    if (!field) return;
    const error = element("p", { class: "error", id: `${name}-error` }, message);
    field.setAttribute("aria-invalid", "true");
    describe(field, error.id, true);
    (field.closest(".day-field") ?? field).after(error);
  }

  function clearAll() {
    for (const error of form.querySelectorAll(".error")) clear(error.id.replace(/-error$/, ""));
    summary.hidden = true;
    summary.replaceChildren();
  }

  // Removes the error while the reader corrects the field.
  form.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement || (target instanceof HTMLElement && target.id)) {
      clear(target.id || /** @type {HTMLInputElement} */ (target).name);
    }
  });

  return {
    clearAll,
    clear,

    /**
     * Shows errors and focuses the summary.
     *
     * @param {FieldError[]} errors
     */
    show(errors) {
      clearAll();
      /** @type {Map<string, string>} */
      const messages = new Map();
      for (const { field, code, message } of errors) {
        const name = fieldOf(field);
        if (!messages.has(name))
          messages.set(name, words[`${name.split("-")[0]}/${code}`] ?? words[code] ?? t(message));
      }
      const order = [...form.elements].map(({ id }) => id);
      const sorted = [...messages].sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));
      for (const [name, message] of sorted) show(name, message);
      summary.append(
        element("h2", {}, t("There is a problem")),
        element(
          "ul",
          {},
          ...sorted.map(([name, message]) =>
            element("li", {}, element("a", { href: `#${name}`, click: go }, `${labelOf(name)}: ${message}`)),
          ),
        ),
      );
      summary.hidden = false;
      summary.focus();
    },
  };

  /** Moves the focus to the field of a link. @param {MouseEvent} event */
  function go(event) {
    const link = /** @type {HTMLAnchorElement} */ (event.currentTarget);
    const field = fieldNamed(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault(); // keeps the URL, and focuses the field
    field.focus();
  }
}

/**
 * Adds or removes an id in `aria-describedby`.
 * @param {HTMLElement} field
 * @param {string} id of the description
 * @param {boolean} does
 */
function describe(field, id, does) {
  const ids = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
  if (does) ids.push(id);
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}
