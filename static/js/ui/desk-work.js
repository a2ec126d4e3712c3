/**
 * The assignee and priority of an item: the form `#work` of its page. For a submission they are
 * part of its version; for an event or an import they are separate.
 */
import { Failure } from "../data/fetch-json.js";
import { byId } from "../lib/refs.js";
import { refusalText } from "./desk-item.js";

/** @import { Translate } from "../types.js" */
/** @import { Desk } from "../data/desk.js" */

/**
 * Connects the form.
 * @param {Desk} desk
 * @param {string} path of the item
 * @param {object} about
 * @param {string} about.me the reader's name
 * @param {() => number | null} about.version returns the version that the page has; null: assignee
 *   and priority are not versioned
 * @param {(changed: any) => void} [about.changed] called with the changed item
 * @param {Translate} t
 * @returns {() => void} assigns the item to the reader
 */
export function bindWork(desk, path, { me, version, changed }, t) {
  const form = document.getElementById("work");
  const assignButton = document.getElementById("assign-to-me");

  /**
   * Saves a change.
   * @param {"assignee" | "priority"} what
   * @param {Record<string, unknown>} body
   */
  async function save(what, body) {
    const message = byId("work-status");
    try {
      const item = await desk.request("PUT", `${path}/${what}`, body, version());
      changed?.(item);
      if (what === "priority") {
        message.textContent = t("Saved.");
        return;
      }
      const assignee = item.assigned_to?.name ?? "";
      /** @type {HTMLSelectElement} */ (byId("assignee")).value = assignee;
      byId("assign-to-me").hidden = assignee === me;
      message.textContent = assignee ? t("assigned to {name}", { name: assignee }) : t("not assigned");
    } catch (error) {
      if (error instanceof Failure && error.status === 412) location.reload();
      else message.textContent = refusalText(error, t("Change not saved."), t);
    }
  }

  assignButton?.addEventListener("click", () => void save("assignee", { member: "me" }));
  form?.addEventListener("submit", (event) => event.preventDefault());
  form?.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLSelectElement)) return;
    if (field.id === "assignee") void save("assignee", { member: field.value || null });
    else void save("priority", { priority: Number(field.value) });
  });
  return () => {
    if (assignButton?.hidden === false) assignButton.click();
  };
}
