/**
 * "Report a problem": a dialog that sends a report about an event to the reviewers. It needs no
 * account and sends only what the reader types.
 */
import { fetchJson, toProblem } from "../data/fetch-json.js";
import { element } from "./element.js";
import { copyButton } from "./share.js";

/** @import { Translate } from "../types.js" */

const ADDRESS = "/api/submissions/problems";
const LONGEST_TEXT = 5_000;

/**
 * Opens the dialog. The focus is restored when it closes.
 *
 * @param {{ id: string, title: string }} event
 * @param {Translate} t
 * @returns {HTMLDialogElement}
 */
export function reportProblem(event, t) {
  /**
   * The last sent report and its idempotency key. The same report keeps its key; a different report
   * gets a new key.
   */
  let sent = { report: "", key: "" };
  const heading = element("h2", { id: "problem-title" }, t("Report a problem"));
  const status = element("div", { class: "problem-status", role: "alert" });
  const text = element("textarea", {
    id: "problem-text",
    class: "field",
    name: "text",
    rows: 4,
    maxlength: LONGEST_TEXT,
    dir: "auto",
  });
  const send = element("button", { type: "submit", class: "button dark" }, t("Send"));
  const cancel = element("button", { type: "button", class: "button", click: () => dialog.close() }, t("Cancel"));
  const form = element(
    "form",
    { class: "problem-form" },
    element("p", { class: "quiet", dir: "auto" }, event.title),
    element(
      "fieldset",
      {},
      element("legend", {}, t("What is wrong?")),
      ...kinds(t).map(([kind, words]) =>
        element(
          "label",
          { class: "problem-kind" },
          element("input", { type: "radio", name: "kind", value: kind, required: true }),
          element("span", {}, words),
        ),
      ),
    ),
    element("label", { for: "problem-text" }, t("What should we know?")),
    text,
    element("p", { class: "quiet" }, t("Reviewers read this. We keep nothing about you. Do not write your name.")),
    status,
    element("div", { class: "dialog-actions" }, send, cancel),
  );
  const dialog = element("dialog", { class: "dialog paper", "aria-labelledby": "problem-title" }, heading, form);
  const before = document.activeElement;

  /** Requires a text for "something else". */
  function checkText() {
    const other = new FormData(form).get("kind") === "other";
    text.setCustomValidity(other && !text.value.trim() ? t("Say in a few words what is wrong.") : "");
  }

  /** Sends the report. @param {SubmitEvent} submission */
  async function submit(submission) {
    submission.preventDefault();
    const fields = new FormData(form);
    const words = String(fields.get("text")).trim();
    if (send.ariaDisabled === "true") return; // already sending; `disabled` would remove the focus
    send.ariaDisabled = "true";
    status.replaceChildren();
    try {
      const report = { event_id: event.id, kind: fields.get("kind"), text: words || null };
      if (JSON.stringify(report) !== sent.report) sent = { report: JSON.stringify(report), key: randomKey() };
      const { body } = await fetchJson(ADDRESS, { method: "POST", body: { ...report, idempotency_key: sent.key } });
      thank(body.tracking_code);
    } catch (error) {
      const { what, why } = toProblem(error, t("Your report was not sent."), null, t);
      status.append(element("p", {}, element("b", {}, what), " ", why));
      send.ariaDisabled = null;
    }
  }

  /** Shows the confirmation. @param {string} code */
  function thank(code) {
    const close = element("button", { type: "button", class: "button dark", click: () => dialog.close() }, t("Close"));
    form.replaceWith(
      element(
        "div",
        { role: "status" },
        element("p", {}, t("Thank you. Reviewers will check it.")),
        element("p", {}, t("Use this code to check its progress. Save it now: you won't see it again.")),
        element("p", { class: "tracking-code" }, copyButton(code, t("Tracking code"), t)),
        element(
          "div",
          { class: "dialog-actions" },
          element("a", { class: "button", href: `/track#${encodeURIComponent(code)}` }, t("Check progress")),
          close,
        ),
      ),
    );
    close.focus();
  }

  form.addEventListener("change", checkText);
  form.addEventListener("input", checkText);
  form.addEventListener("submit", submit);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Returns the kinds of problems.
 *
 * @param {Translate} t
 * @returns {[kind: string, words: string][]}
 */
function kinds(t) {
  return [
    ["wrong_place", t("The place is wrong")],
    ["wrong_date", t("The date is wrong")],
    ["old_footage", t("The footage is old or shows something else")],
    ["endangers", t("It endangers someone")],
    ["other", t("Something else")],
  ];
}

/** Returns a random key. `crypto.randomUUID` exists only on HTTPS pages. */
function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
