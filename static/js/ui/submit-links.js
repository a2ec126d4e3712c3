/**
 * The links to footage: one field at first, another when it is asked for, each can be taken away
 * again.
 */
import { icon } from "../lib/icon.js";
import { element } from "./element.js";

/** @import { Translate } from "../types.js" */

/**
 * @param {HTMLOListElement} list
 * @param {HTMLButtonElement} more
 * @param {object} options
 * @param {number} options.most
 * @param {Translate} options.t
 * @param {() => void} options.onChange a link was taken away
 */
export function createLinks(list, more, { most, t, onChange }) {
  const rows = () => [...list.querySelectorAll("li")];

  /** Numbers the rows anew: the server speaks of links by their number. */
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
      // A fault speaks of a link by its old number: it is told anew when the form is sent.
      row.querySelector(".fault")?.remove();
      field.removeAttribute("aria-invalid");
      if (index) field.removeAttribute("aria-describedby");
      else field.setAttribute("aria-describedby", `${name}-hint`);
      row.querySelector(".take-away")?.setAttribute("aria-label", t("Remove link {number}", { number: index + 1 }));
    });
    more.hidden = rows().length >= most;
  }

  /** @param {HTMLLIElement} row */
  function giveButton(row) {
    const button = element("button", { type: "button", class: "button plain icon-only take-away" }, icon("close"));
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

  // Without scripts there are fields to spare.
  for (const spare of list.querySelectorAll("[data-spare]")) spare.remove();
  more.type = "button";
  more.addEventListener("click", add);
  rows().slice(1).forEach(giveButton);
  if (!list.querySelector(".fault")) number();
}
