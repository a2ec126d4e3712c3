/**
 * The suggestion list of the place field: a combobox by the ARIA authoring practices. It extends an
 * existing field.
 */
import { element } from "./element.js";

/** @typedef {{ words: string, note: string, pick: () => void }} PlaceOption */

/**
 * Creates the list.
 * @param {HTMLInputElement} field
 * @param {HTMLElement} list
 */
export function createPlaceOptions(field, list) {
  /** @type {{ option: PlaceOption, row: HTMLLIElement }[]} */
  let rows = [];
  let active = -1;

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);

  /** Shows the options. @param {PlaceOption[]} options */
  function show(options) {
    rows = options.map((option, index) => {
      const row = element(
        "li",
        { id: `${list.id}-${index}`, role: "option", "aria-selected": "false" },
        element("span", { dir: "auto" }, option.words),
        element("span", { class: "note" }, option.note),
      );
      // Prevents the focus from leaving the field, which would close the list.
      row.addEventListener("pointerdown", (event) => event.preventDefault());
      row.addEventListener("click", () => pick(option));
      return { option, row };
    });
    list.replaceChildren(...rows.map(({ row }) => row));
    list.hidden = rows.length === 0;
    field.setAttribute("aria-expanded", String(rows.length > 0));
    point(-1);
  }

  const close = () => show([]);

  /** Highlights an option. @param {number} index -1: none */
  function point(index) {
    rows[active]?.row.setAttribute("aria-selected", "false");
    active = index;
    const row = rows[index]?.row;
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) field.setAttribute("aria-activedescendant", row.id);
    else field.removeAttribute("aria-activedescendant");
  }

  /** Chooses an option. @param {PlaceOption} option */
  function pick(option) {
    close();
    option.pick();
  }

  field.addEventListener("keydown", (event) => {
    if (!rows.length) return;
    const option = rows[active]?.option;
    if (event.key === "ArrowDown") point((active + 1) % rows.length);
    else if (event.key === "ArrowUp") point((active <= 0 ? rows.length : active) - 1);
    else if (event.key === "Enter" && option) pick(option);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);

  return { show, close };
}
