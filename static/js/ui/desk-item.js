/**
 * Shared parts of the item pages: other viewers, comments, and error messages.
 *
 * @import { Translate } from "../types.js"
 * @import { Desk } from "../data/desk.js"
 */
import { Failure, toProblem } from "../data/fetch-json.js";
import { byId } from "../lib/refs.js";
import { formatMoment } from "../time/day.js";
import { element } from "./element.js";

/**
 * Reports at intervals that this page shows an item, and shows who else views it.
 *
 * @param {Desk} desk
 * @param {string} id
 * @param {Translate} t
 */
export function watchItem(desk, id, t) {
  const viewers = byId("viewers");
  async function reportPresence() {
    if (!document.hidden) {
      const { others, seconds } = await desk
        .request("PUT", `presence/${id}`)
        .catch(() => ({ others: [], seconds: 40 }));
      viewers.hidden = others.length === 0;
      viewers.textContent = others.length
        ? t.plural("{names} is viewing this", "{names} are viewing this", others.length, { names: others.join(", ") })
        : "";
      setTimeout(reportPresence, (seconds * 1000) / 2);
    } else {
      document.addEventListener("visibilitychange", () => void reportPresence(), { once: true });
    }
  }
  void reportPresence();
}

/**
 * Connects the comment form.
 *
 * @param {Desk} desk
 * @param {string} path of the item: "submissions/…" or "events/…"
 * @param {Translate} t
 */
export function bindComments(desk, path, t) {
  /** @type {HTMLFormElement} */
  const form = byId("comment-form");
  /** @type {HTMLTextAreaElement} */
  const field = byId("comment");
  const message = byId("comment-error");
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    message.hidden = true;
    try {
      const { comments } = await desk.request("POST", `${path}/comments`, { text: field.value });
      byId("comment-list").replaceChildren(...comments.map(commentRow));
      field.value = "";
    } catch (error) {
      message.textContent = refusalText(error, t("The comment could not be sent."), t);
      message.hidden = false;
    }
  });
}

/**
 * Creates the row of a comment.
 *
 * @param {{ made_by: string, text: string, created_at: string }} comment
 */
function commentRow({ made_by, text, created_at }) {
  const when = formatMoment(Date.parse(created_at), document.documentElement.lang, { month: "short" });
  return element(
    "li",
    {},
    element("b", {}, made_by),
    " ",
    element("span", { class: "note" }, element("time", { datetime: created_at }, when)),
    element("p", { dir: "auto" }, text),
  );
}

/**
 * Returns the text of an error.
 *
 * @param {unknown} error
 * @param {string} what
 * @param {Translate} t
 */
export function refusalText(error, what, t) {
  const { why } = toProblem(error, what, null, t);
  const errors = error instanceof Failure && Array.isArray(error.problem.errors) ? error.problem.errors : [];
  // The response for invalid fields repeats the message of each field.
  return [
    what,
    ...(errors.length ? [] : [why]),
    ...errors.map((/** @type {{ message: string }} */ one) => one.message),
  ].join(" ");
}

/** Enables the controls that need this script. Earlier clicks would have no effect. */
export function bindPage() {
  for (const part of document.querySelectorAll("[data-inert-until-ready]"))
    /** @type {HTMLElement} */ (part).inert = false;
}

/**
 * Connects keyboard shortcuts. They do nothing while the reader is typing.
 *
 * @param {Record<string, () => void>} keys by `event.key`
 */
export function bindKeys(keys) {
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.closest(
      "input:not([type=checkbox]), textarea, select, [contenteditable], .leaflet-container",
    );
    if (event.key === "Escape" && keys.Escape) keys.Escape();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const run = event.key === "Escape" ? undefined : keys[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  });
}
