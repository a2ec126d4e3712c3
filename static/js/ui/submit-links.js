/** The fields for footage links: one at first, with buttons to add and remove fields. */
import { icon } from "../lib/icon.js";
import { element } from "./element.js";

/** @import { Translate } from "../types.js" */

/**
 * Creates the fields.
 * @param {HTMLOListElement} list
 * @param {HTMLButtonElement} more
 * @param {object} options
 * @param {number} options.most
 * @param {Translate} options.t
 * @param {() => void} options.onChange called after a link is removed
 */
export function createLinks(list, more, { most, t, onChange }) {
  const rows = () => [...list.querySelectorAll("li")];

  /** Renumbers the fields, because the server refers to links by number. */
  function number() {
    rows().forEach((row, index) => {
      const name = `footage_urls-${index}`;
      const field = row.querySelector("input");
      const label = row.querySelector("label");
      if (!field || !label) return;
      field.id = name;
      label.htmlFor = name;
      label.className = index ? "visually-hidden" : "";
      label.textContent = index ? t("Another link, {number}", { number: index + 1 }) : t("Link to the footage");
      // The error has the old number, so it is removed until the form is sent again.
      row.querySelector(".error")?.remove();
      field.removeAttribute("aria-invalid");
      if (index) field.removeAttribute("aria-describedby");
      else field.setAttribute("aria-describedby", `${name}-hint`);
      row.querySelector(".remove-link")?.setAttribute("aria-label", t("Remove link {number}", { number: index + 1 }));
    });
    more.hidden = rows().length >= most;
  }

  /** Adds the remove button to a row. @param {HTMLLIElement} row */
  function giveButton(row) {
    const button = element("button", { type: "button", class: "button plain icon-only remove-link" }, icon("close"));
    button.addEventListener("click", () => {
      const before = row.previousElementSibling;
      row.remove();
      number();
      before?.querySelector("input")?.focus();
      onChange();
    });
    row.querySelector("input")?.after(button);
  }

  function add() {
    const field = element("input", {
      class: "field",
      type: "url",
      name: "footage_urls",
      maxlength: 2048,
      inputmode: "url",
      autocomplete: "off",
      spellcheck: "false",
      dir: "ltr",
      placeholder: "https://",
    });
    const row = element("li", {}, element("label"), field);
    giveButton(row);
    list.append(row);
    number();
    field.focus();
  }

  // Without scripts the form has spare fields.
  for (const spare of list.querySelectorAll("[data-empty-link]")) spare.remove();
  more.type = "button";
  more.addEventListener("click", add);
  rows().slice(1).forEach(giveButton);
  if (!list.querySelector(".error")) number();
}
