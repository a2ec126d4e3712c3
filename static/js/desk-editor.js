/**
 * The event editor: all fields, checked by the API while the reader types, the shape on the map,
 * and the event's decision, sources, claims and relations. If another member changed the event
 * meanwhile, both versions are shown side by side, field by field.
 */
import { isolate } from "./lib/bidi.js";
import { createDesk } from "./data/desk.js";
import { Failure } from "./data/fetch-json.js";
import { createLatest } from "./lib/latest.js";
import { createTranslate } from "./lib/messages.js";
import { byId } from "./lib/refs.js";
import { openDeskMap } from "./map/open-small-map.js";
import { showConflict } from "./ui/desk-conflict.js";
import { createEventFields } from "./ui/desk-fields.js";
import { refusalText, bindComments, bindPage, watchItem } from "./ui/desk-item.js";
import { bindParts } from "./ui/desk-parts.js";
import { bindWork } from "./ui/desk-work.js";
import { element } from "./ui/element.js";

const PAUSE_MS = 400;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

const config = JSON.parse(byId("config").textContent);
const t = createTranslate(config.messages, config.language);
const desk = createDesk(config.form_token);
/** The latest version of the event that the page has; null for a new event. */
let event = config.event;
/** @type {HTMLFormElement} */
const form = byId("editor");
const latest = createLatest();
/** @type {import("./map/desk-map.js").DeskMap | null} */
let map = null;
let unsaved = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let pause;

const fields = createEventFields(form, {
  language: config.language,
  t,
  onShape: (geometry) => map?.show(geometry),
  onPrecision: (metres) => map?.showPrecision(metres),
});
if (event) fields.fill(event);
/** @type {HTMLFieldSetElement} */ (byId("editor-fields")).disabled = false;

/** Sets whether there are unsaved changes. @param {boolean} is */
function setUnsaved(is) {
  unsaved = is;
  byId("unsaved").textContent = is ? t("not saved yet") : "";
}

/** Checks the values with the API. */
function check() {
  clearTimeout(pause);
  pause = setTimeout(async () => {
    const draft = fields.read();
    const errors = await latest.run(() =>
      desk.request("POST", "events/check", draft).then(
        () => [],
        (error) => (error instanceof Failure && error.status === 422 ? error.problem.errors : []),
      ),
    );
    // An empty title is no error before the reader reaches the field.
    if (errors) fields.showErrors(errors.filter((/** @type {any} */ one) => one.field !== "/title" || draft.title));
  }, PAUSE_MS);
}

function changed() {
  setUnsaved(true);
  check();
}

form.addEventListener("input", changed);
window.addEventListener("beforeunload", (leaving) => {
  if (unsaved) leaving.preventDefault();
});

/** Shows an error. @param {string} words */
function refuse(words) {
  const message = byId("error");
  message.replaceChildren(element("p", {}, words));
  message.hidden = false;
  message.focus();
}

/**
 * Handles the error of a save.
 *
 * @param {unknown} error
 * @param {any} mine the values that were sent
 */
function refused(error, mine) {
  if (!(error instanceof Failure)) throw error;
  if (error.status === 412) {
    event = error.problem.current;
    showConflict({ theirs: event, mine, t, onTake: (chosen) => fields.fill({ ...event, ...chosen }) });
  } else if (error.status === 422) {
    const left = fields.showErrors(error.problem.errors ?? []);
    refuse([t("Some fields have errors."), ...left].join(" "));
  } else refuse(refusalText(error, t("Not saved."), t));
}

async function save() {
  const mine = fields.read();
  const why = String(new FormData(form).get("why") ?? "").trim();
  byId("error").hidden = true;
  byId("saved").hidden = true;
  try {
    const body = { ...mine, ...(why && { why }) };
    if (!event) {
      const created = await desk.request("POST", "events", body);
      setUnsaved(false);
      location.assign(`/desk/events/${created.id}${location.search}`);
      return;
    }
    event = await desk.request("PUT", `events/${event.id}`, body, event.version);
    setUnsaved(false);
    fields.fill(event);
    fields.showErrors([]);
    byId("conflict").hidden = true;
    byId("saved").replaceChildren(element("p", {}, t("Saved.")));
    byId("saved").hidden = false;
  } catch (error) {
    refused(error, mine);
  }
}

form.addEventListener("submit", (sent) => {
  sent.preventDefault();
  void save();
});
document.addEventListener("keydown", (pressed) => {
  if (!(pressed.ctrlKey || pressed.metaKey) || pressed.key !== "s") return;
  pressed.preventDefault();
  void save();
});

void openDeskMap(byId("map"), {
  ...config,
  label: t("Where it happened"),
  onShape(/** @type {any} */ geometry) {
    fields.setShape(geometry);
    byId("draw-hint").textContent = "";
    changed();
  },
}).then((opened) => {
  if (!opened) return;
  map = opened;
  map.show(event?.geometry ?? null);
  map.showPrecision(event?.precision_m ?? null);
  map.look();
  map.edit(event && event.geometry.type !== "Point" ? "Polygon" : "Point");
  byId("draw-tools").hidden = false;
});
for (const button of document.querySelectorAll("[data-draw]")) {
  button.addEventListener("click", () => {
    const what = /** @type {import("./map/desk-map.js").Kind} */ (button.getAttribute("data-draw"));
    const can = map?.draw(what);
    byId("draw-hint").textContent = !can
      ? t("The drawing tools did not load. Reload the page.")
      : what === "Point"
        ? t("Click where it happened.")
        : t("Click each corner. To finish, double-click the last one, or click an area's first corner again.");
  });
}

/** Returns whether there are no unsaved changes; shows a message if there are. */
function mayLeave() {
  if (unsaved) refuse(t("Save your changes first."));
  return !unsaved;
}

/**
 * Sends a change besides the fields, and reloads the page. Unsaved changes must be saved first.
 *
 * @param {string} method
 * @param {string} under path relative to the event's path
 * @param {unknown} body
 * @param {boolean} [versioned]
 */
async function act(method, under, body, versioned = true) {
  if (!mayLeave()) return;
  try {
    await desk.request(method, `events/${event.id}/${under}`, body, versioned ? event.version : null);
    location.reload();
  } catch (error) {
    if (error instanceof Failure && error.status === 412) {
      refuse(t("Someone else has changed this. Reload the page before you decide."));
    } else refuse(refusalText(error, t("Not done. Try again."), t));
  }
}

/** Returns the trimmed text of a field. @param {HTMLFormElement} from @param {string} name */
const typed = (from, name) => String(new FormData(from).get(name) ?? "").trim();

if (event) {
  watchItem(desk, event.id, t);
  bindWork(desk, `events/${event.id}`, { me: config.me, version: () => null }, t);
  bindComments(desk, `events/${event.id}`, t);
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => {
      const reason = /** @type {HTMLInputElement} */ (byId("step-reason")).value.trim();
      void act("POST", button.getAttribute("data-step") ?? "", reason ? { reason } : {});
    });
  }
  byId("step-form").addEventListener("submit", (sent) => sent.preventDefault());
  for (const button of document.querySelectorAll("[data-remove]")) {
    button.addEventListener("click", () => void act("DELETE", button.getAttribute("data-remove") ?? "", undefined));
  }
  for (const button of document.querySelectorAll("[data-remove-relation]")) {
    button.addEventListener("click", () => {
      const { removeRelation: id = "", kind = "", outgoing } = /** @type {HTMLElement} */ (button).dataset;
      const [owner, other] = kind === "follows" && outgoing === "false" ? [id, event.id] : [event.id, id];
      void desk.request("DELETE", `events/${owner}/relations/${kind}/${other}`).then(
        () => location.reload(),
        (error) => refuse(refusalText(error, t("Not done. Try again."), t)),
      );
    });
  }
  bindParts({ desk, t, version: () => event.version, mayLeave });
  /** @type {HTMLFormElement} */
  const relationForm = byId("relation-form");
  relationForm.addEventListener("submit", (sent) => {
    sent.preventDefault();
    const other = UUID.exec(/** @type {HTMLInputElement} */ (byId("relation-other")).value)?.[0];
    if (!other) refuse(t("Enter an event's link or ID."));
    else void act("POST", "relations", { other_id: other, kind: typed(relationForm, "relation-kind") }, false);
  });
  void desk.request("GET", `events/${event.id}/near-duplicates`).then(
    ({ events }) =>
      byId("near-events").replaceChildren(
        ...events.map((/** @type {any} */ one) =>
          element("option", { value: one.id }, `${isolate(one.title)} (${one.reasons.join(", ")})`),
        ),
      ),
    () => {},
  );
}

bindPage();
