/**
 * The submission form, which works without this script. The script adds a map, shows the parsed
 * place and possible duplicates before sending, and keeps the typed values if sending fails.
 *
 * @import { Config } from "./types.js"
 */
import { createApi } from "./data/api.js";
import { toProblem } from "./data/fetch-json.js";
import { checkDraft, send } from "./data/submissions.js";
import { createLatest } from "./lib/latest.js";
import { createTranslate } from "./lib/messages.js";
import { byId } from "./lib/refs.js";
import { openPlacePicker } from "./map/open-small-map.js";
import { announce } from "./ui/announce.js";
import { showCredits } from "./ui/credits.js";
import { replaceDateInputs } from "./ui/date-input.js";
import { element } from "./ui/element.js";
import { draftOf } from "./ui/submit-draft.js";
import { createFormErrors } from "./ui/submit-errors.js";
import { createLinks } from "./ui/submit-links.js";
import { createNearby, createWarnings } from "./ui/submit-nearby.js";
import { createPlaceField } from "./ui/submit-place.js";
import { showReceived } from "./ui/submit-received.js";
import { bindTimeFields } from "./ui/submit-when.js";

/** Delay after the last change before possible duplicates are requested. */
const PAUSE_MS = 500;

/**
 * @type {Config & { words: Record<"errors" | "suspicions" | "confirmations" | "failures" |
 *   "reasons", Record<string, string>>, limits: { urls: number } }}
 */
const config = JSON.parse(byId("config").textContent);
const { language, words } = config;
const t = createTranslate(config.messages, config.language);
const api = createApi();

/** @type {HTMLFormElement} */
const form = byId("submit-form");
/** @type {HTMLButtonElement} */
const sendButton = byId("send");
const status = byId("send-status");
const map = byId("map");

/**
 * @type {import("./map/place-picker.js").PlacePicker | null} null: not open yet, or Leaflet failed
 *   to load
 */
let picker = null;
/** Whether there are unsent changes. */
let unsent = false;
let sending = false;

const formErrors = createFormErrors(form, byId("summary"), { words: words.errors, t });
const nearby = createNearby({ section: byId("nearby"), list: byId("nearby-list"), t, language });
const place = createPlaceField({
  field: byId("place"),
  list: byId("place-list"),
  message: byId("place-status"),
  choices: document.getElementById("place-choices"),
  api,
  reasons: words.reasons,
  t,
  language,
  onChange(spot) {
    if (spot) formErrors.clear("place");
    picker?.show(spot);
    lookAround();
  },
});
const warnings = createWarnings({
  section: byId("warnings"),
  list: byId("warnings-list"),
  words,
  onTake(spot) {
    warnings.clear();
    place.take(spot);
    byId("place").focus();
  },
  t,
  language,
});
createLinks(byId("links"), byId("more-links"), { most: config.limits.urls, t, onChange: lookAround });
bindTimeFields(form);
replaceDateInputs(form, { language, t });

/** Returns the current request body. */
const draft = () => ({ ...draftOf(new FormData(form), place.get()), confirm: warnings.confirmed() });

const latestLook = createLatest();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;

/** Requests possible duplicates. Failures are ignored until the form is sent. */
function lookAround() {
  clearTimeout(pause);
  pause = setTimeout(async () => {
    const { footage_urls, longitude, latitude, happened_from, happened_to, time_precision } =
      /** @type {Record<string, unknown>} */ (draft());
    const partial = { footage_urls, longitude, latitude, happened_from, happened_to, time_precision };
    try {
      const checked = await latestLook.run((signal) => checkDraft(partial, signal));
      if (checked) showNearby(checked.nearby);
    } catch {
      showNearby([]);
    }
  }, PAUSE_MS);
}

/** Shows possible duplicates. @param {import("./data/submissions.js").NearbyEvent[]} events */
function showNearby(events) {
  nearby.show(events);
  picker?.mark(events);
}

form.addEventListener("input", () => (unsent = true));
form.addEventListener("change", (event) => {
  const { name } = /** @type {HTMLInputElement} */ (event.target);
  if (/^(footage_urls|happened_|time_)/.test(name)) lookAround();
  if (name === "precision_m") picker?.showPrecision(precision());
});

/** Returns the chosen precision. @returns {number | null} metres */
function precision() {
  return Number(new FormData(form).get("precision_m")) || null;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void trySending();
});

async function trySending() {
  if (sending) return;
  sending = true;
  sendButton.setAttribute("aria-disabled", "true");
  status.replaceChildren(t("Sending…"));
  try {
    await place.settled();
    formErrors.clearAll();
    // Checks the draft first, so that warnings are confirmed before sending.
    const checked = await checkDraft(draft());
    showNearby(checked.nearby);
    const confirmed = warnings.confirmed();
    if (checked.errors.length) showErrors(checked.errors);
    else if (checked.warnings.some(({ code }) => !confirmed.includes(code))) showWarnings(checked.warnings);
    else await deliver();
  } catch (error) {
    showFailure(error);
  } finally {
    sending = false;
    sendButton.removeAttribute("aria-disabled");
  }
}

async function deliver() {
  const sent = await send(draft());
  switch (sent.kind) {
    case "received":
      unsent = false;
      showReceived(byId("submit-page"), sent.code, t);
      break;
    case "errors":
      showErrors(sent.errors);
      break;
    case "warnings":
      showWarnings(sent.warnings);
      break;
    case "conflict":
      renewKey();
      status.replaceChildren(element("p", { class: "error" }, words.failures.conflict));
  }
}

/** Shows the errors. @param {import("./data/submissions.js").FieldError[]} errors */
function showErrors(errors) {
  status.replaceChildren();
  const placeStatus = byId("place-status");
  // The message beside the place field explains a text that could not be parsed. The API's own
  // error would be about missing coordinates.
  const reason = placeStatus.classList.contains("unreadable") ? placeStatus.textContent : "";
  formErrors.show(
    errors.map((error) => (reason && error.field === "/longitude" ? { ...error, code: "", message: reason } : error)),
  );
}

/** Shows the warnings. @param {import("./data/submissions.js").Warning[]} unconfirmed */
function showWarnings(unconfirmed) {
  status.replaceChildren();
  warnings.show(unconfirmed);
}

/** Shows a failed request. @param {unknown} error */
function showFailure(error) {
  const { what, why } = toProblem(error, t("Your submission was not sent."), null, t);
  status.replaceChildren(
    element(
      "p",
      { class: "error" },
      `${what} ${why} ${t("Your text is still here.")} `,
      element("button", { type: "button", class: "button", click: () => void trySending() }, t("Try again")),
    ),
  );
  announce(`${what} ${why}`);
}

/** Renews the idempotency key, because the old key belongs to a different request. */
function renewKey() {
  const key = /** @type {HTMLInputElement} */ (form.elements.namedItem("idempotency_key"));
  key.value = [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});

byId("map-frame").hidden = false;
showCredits(byId("credits"), config);
for (const part of form.querySelectorAll("[data-with-script]")) {
  if (part instanceof HTMLElement) part.hidden = false;
}
picker = await openPlacePicker(map, {
  theatre: config.theatre,
  tiles: config.tiles,
  ground: config.ground,
  language: config.language,
  pinLabel: t("The place"),
  onPick(spot) {
    unsent = true;
    place.take(spot);
  },
});
if (picker) {
  picker.show(place.get());
  picker.showPrecision(precision());
} else {
  byId("map-frame").replaceChildren(
    element("p", { class: "note" }, t("The map did not load. Enter the place as text.")),
  );
}
