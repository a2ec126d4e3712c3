/**
 * Shows two versions of an event side by side, field by field: the saved version of another member,
 * and the rejected version of the reader.
 *
 * @import { Translate } from "../types.js"
 */
import { byId } from "../lib/refs.js";
import { element } from "./element.js";

/**
 * Returns the fields in which two versions differ.
 *
 * @param {Record<string, unknown>} theirs
 * @param {Record<string, unknown>} mine
 * @returns {string[]}
 */
export function differing(theirs, mine) {
  return Object.keys(mine).filter(
    (name) => name in theirs && name !== "origin" && canonical(mine[name]) !== canonical(theirs[name]),
  );
}

/**
 * Normalises a value, so that equal moments and shapes compare equal in any notation.
 * @param {unknown} value
 */
function canonical(value) {
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) return String(Date.parse(value));
  return JSON.stringify(value ?? null);
}

/**
 * Shows the conflict.
 *
 * @param {object} parts
 * @param {any} parts.theirs
 * @param {any} parts.mine
 * @param {Translate} parts.t
 * @param {(chosen: Record<string, unknown>) => void} parts.onTake called with the values to keep
 *   from the reader's version
 */
export function showConflict({ theirs, mine, t, onTake }) {
  const names = differing(theirs, mine);
  const rows = names.map((name) =>
    element(
      "fieldset",
      { class: "conflict-row" },
      element("legend", {}, name),
      choice(name, "theirs", t("theirs"), theirs[name], false),
      choice(name, "mine", t("yours"), mine[name], true),
    ),
  );
  byId("conflict-rows").replaceChildren(
    ...(rows.length ? rows : [element("p", {}, t("Your values are the same as theirs. Save again."))]),
  );
  const section = byId("conflict");
  byId("conflict-apply").onclick = () => {
    const taken = names.filter(
      (name) => section.querySelector(`input[name="${CSS.escape(`conflict-${name}`)}"]:checked[value=mine]`) !== null,
    );
    onTake(Object.fromEntries(taken.map((name) => [name, mine[name]])));
    section.hidden = true;
  };
  section.hidden = false;
  section.focus();
}

/**
 * Creates a choice between the two values.
 *
 * @param {string} name
 * @param {string} value
 * @param {string} whose
 * @param {unknown} content
 * @param {boolean} checked
 */
function choice(name, value, whose, content, checked) {
  const words =
    content === null || content === "" ? "–" : typeof content === "string" ? content : JSON.stringify(content);
  return element(
    "label",
    {},
    element("input", { type: "radio", name: `conflict-${name}`, value, checked }),
    element("b", {}, whose),
    element("span", { dir: "auto" }, words),
  );
}
