/**
 * Forms for the sources and claims of an event. The API checks the values while the reader types,
 * and a change includes the version that the page has. If another member changed the item
 * meanwhile, the saved values appear below each field, and the typed values stay.
 *
 * @import { Translate } from "../types.js"
 * @import { Desk } from "../data/desk.js"
 */
import { Failure } from "../data/fetch-json.js";
import { parseClock } from "../lib/event-times.js";
import { createLatest } from "../lib/latest.js";
import { refusalText } from "./desk-item.js";
import { readPlain } from "./desk-plain-fields.js";

const PAUSE_MS = 400;
const MOMENTS = new Set(["published_at", "stated_at"]);

/**
 * Returns the values of a form in the API's format. Empty values are left out, or null for plain
 * fields.
 *
 * @param {HTMLFormElement} form
 * @returns {Record<string, unknown>}
 */
function readPart(form) {
  const plain = readPlain(form);
  /** @type {Record<string, unknown>} */
  const body = form.dataset.about ? { about: form.dataset.about, ...plain } : { ...plain };
  for (const [name, typed] of new FormData(form)) {
    const value = String(typed).trim();
    if (!value || name in plain) continue;
    if (MOMENTS.has(name)) body[name] = moment(value);
    else if (name === "chain")
      body[name] = value
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean);
    else body[name] = value;
  }
  return body;
}

/**
 * Returns a typed moment as the API has it.
 *
 * @param {string} typed "2025-07-21 14:05", UTC
 * @returns {string} what was typed if it is no such moment; the API refuses it
 */
function moment(typed) {
  const [day = "", clock = "", ...more] = typed.split(/[ T]+/);
  return clock && !more.length ? `${day}T${parseClock(clock)}:00Z` : typed;
}

/**
 * Shows errors at their fields.
 *
 * @param {HTMLFormElement} form
 * @param {{ field: string, message: string }[]} errors
 */
function showErrors(form, errors) {
  const otherErrors = /** @type {HTMLElement} */ (form.querySelector("[data-other-errors]"));
  for (const place of form.querySelectorAll("[data-error], [data-other-errors]"))
    /** @type {HTMLElement} */ (place).hidden = true;
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  for (const { field, message } of errors) {
    const name = field.split("/")[1] ?? "";
    const place = /** @type {HTMLElement} */ (form.querySelector(`[data-error="/${CSS.escape(name)}"]`) ?? otherErrors);
    place.textContent = message;
    place.hidden = false;
    form.elements.namedItem(name) instanceof Element &&
      /** @type {Element} */ (form.elements.namedItem(name)).setAttribute("aria-invalid", "true");
  }
}

/**
 * Connects all forms.
 *
 * @param {object} parts
 * @param {Desk} parts.desk
 * @param {() => number} parts.version of the event
 * @param {Translate} parts.t
 * @param {() => boolean} parts.mayLeave returns whether the page has no other unsaved changes;
 *   shows a message if it has
 */
export function bindParts({ desk, version, t, mayLeave }) {
  for (const one of document.querySelectorAll("form[data-path]")) {
    bindPart(/** @type {HTMLFormElement} */ (one), { desk, version, t, mayLeave });
  }
}

/**
 * Connects a form.
 *
 * @param {HTMLFormElement} form
 * @param {Parameters<typeof bindParts>[0]} parts
 */
function bindPart(form, { desk, version, t, mayLeave }) {
  const { path = "", checkPath = "" } = form.dataset;
  const isNew = "new" in form.dataset;
  const latest = createLatest();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  /** The version to change: of the source itself, or of the event of a claim. */
  let knownVersion = Number(form.dataset.version ?? version());

  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(async () => {
      const body = readPart(form);
      const errors = await latest.run(() =>
        desk.request("POST", checkPath, body).then(
          () => [],
          (error) => (error instanceof Failure && error.status === 422 ? error.problem.errors : []),
        ),
      );
      // An empty field is no error before the reader reaches it.
      if (errors)
        showErrors(
          form,
          errors.filter((/** @type {any} */ { field }) => !isNew || (body[field.slice(1)] ?? null) !== null),
        );
    }, PAUSE_MS);
  });

  form.addEventListener("submit", async (sent) => {
    sent.preventDefault();
    clearTimeout(pause);
    if (!mayLeave()) return;
    try {
      await desk.request(isNew ? "POST" : "PUT", path, readPart(form), knownVersion);
      location.reload();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.status === 422) showErrors(form, error.problem.errors ?? []);
      else if (error.status === 412) {
        knownVersion = error.problem.current.version;
        showErrors(form, differing(form, currentOf(error.problem.current, path), t));
      } else showErrors(form, [{ field: "", message: refusalText(error, t("Not saved."), t) }]);
      form.querySelector(".error:not([hidden])")?.scrollIntoView({ block: "nearest" });
    }
  });
}

/**
 * Returns the saved source or claim from the current event. A new part has none.
 *
 * @param {any} current
 * @param {string} path of the part
 * @returns {Record<string, any> | null}
 */
function currentOf(current, path) {
  if (path.startsWith("sources/")) return current;
  const [, , , id] = path.split("/");
  return current.claims.find((/** @type {any} */ claim) => claim.id === id) ?? null;
}

/**
 * Returns the saved values that differ, as messages at the fields.
 *
 * @param {HTMLFormElement} form
 * @param {Record<string, any> | null} current
 * @param {Translate} t
 */
function differing(form, current, t) {
  const mine = readPart(form);
  const errors = [
    {
      field: "",
      message: t("Someone else has changed this. Your changes are kept: check them, and save again."),
    },
  ];
  if (!current) return errors;
  for (const input of form.elements) {
    const name = input.getAttribute("name") ?? "";
    if (!(name in current)) continue;
    const theirs = current[name];
    const same = MOMENTS.has(name)
      ? Date.parse(String(mine[name] ?? "")) === Date.parse(theirs ?? "") || (!mine[name] && !theirs)
      : JSON.stringify(mine[name] ?? null) === JSON.stringify(theirs?.length === 0 ? null : theirs);
    if (!same) errors.push({ field: `/${name}`, message: t("Now: {value}", { value: String(theirs ?? "–") }) });
  }
  return errors;
}
