/**
 * The page of one queue item, submitted or imported: the map, other viewers, the assignee and the
 * decision. If another member decided first, the page shows that decision and keeps the typed
 * values.
 */
import { createDesk } from "./data/desk.js";
import { along } from "./data/desk-list.js";
import { Failure } from "./data/fetch-json.js";
import { createTranslate } from "./lib/messages.js";
import { byId } from "./lib/refs.js";
import { openDeskMap } from "./map/open-small-map.js";
import { createEventFields } from "./ui/desk-fields.js";
import { refusalText, bindComments, bindKeys, bindPage, watchItem } from "./ui/desk-item.js";
import { bindWork } from "./ui/desk-work.js";
import { element } from "./ui/element.js";

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

const config = JSON.parse(byId("config").textContent);
const t = createTranslate(config.messages, config.language);
const desk = createDesk(config.form_token);
/**
 * `path` is the item's path; `work_path` is the path of its comments, assignee and priority;
 * `versioned`: assignee and priority are part of the version.
 */
const { id, path, work_path: workPath, kind, draft, near, versioned, version: first } = config.item;
const panel = document.getElementById("decide");

/** The latest version that the page has; a decision includes it. */
let version = first;
/** @type {import("./map/desk-map.js").DeskMap | null} */
let map = null;
/** @type {import("./ui/desk-fields.js").EventFields | null} */
let fields = null;

watchItem(desk, id, t);
bindComments(desk, workPath, t);

if (draft) {
  const form = panel?.querySelector("[data-form=accept]");
  if (form instanceof HTMLFormElement) {
    fields = createEventFields(form, {
      language: config.language,
      t,
      onShape: (geometry) => map?.show(geometry),
      onPrecision: (metres) => map?.showPrecision(metres),
    });
    fields.fill(draft);
  }
  void openDeskMap(byId("map"), {
    ...config,
    label: t("Where the footage was taken"),
    onShape: (/** @type {any} */ geometry) => fields?.setShape(geometry),
  }).then((opened) => {
    map = opened;
    map?.show(draft.geometry);
    map?.showPrecision(draft.precision_m);
    map?.mark(near);
    map?.look();
  });
}

/** Returns a form by name. @param {string} name @returns {HTMLFormElement | null} */
const formOf = (name) => panel?.querySelector(`[data-form="${name}"]`) ?? null;

/** Opens a form. @param {string | null} name null closes all forms */
function open(name) {
  for (const form of panel?.querySelectorAll("form") ?? []) form.hidden = form.dataset.form !== name;
  for (const button of panel?.querySelectorAll("[data-action]") ?? []) {
    button.setAttribute("aria-expanded", String(name !== null && button.getAttribute("data-action") === name));
  }
  map?.edit(name === "accept" && draft?.geometry.type === "Point" ? "Point" : null);
  if (!name) return;
  const form = formOf(name);
  const first = form?.querySelector("input, textarea, select");
  if (first instanceof HTMLElement) first.focus();
  form?.scrollIntoView({ block: "nearest" });
}

/** Opens or closes a form. @param {string} name */
const toggle = (name) => open(formOf(name)?.hidden === false ? null : name);

/** Returns the request body of a form. @param {HTMLFormElement} form */
function bodyOf(form) {
  const typed = new FormData(form);
  const text = (/** @type {string} */ name) => String(typed.get(name) ?? "").trim();
  const reason = text("reason") ? { reason: text("reason") } : {};
  switch (form.dataset.form) {
    case "accept":
      return { event: fields?.read(), then: text("then"), ...reason };
    case "merge":
      return { event_id: UUID.exec(text("other"))?.[0] ?? text("event_id"), ...reason };
    case "ask":
      return { question: text("question") };
    default:
      return { reason: text("reason") };
  }
}

/** Shows an error. @param {string} words @param {Node[]} more */
function refuse(words, ...more) {
  const message = byId("decide-error");
  message.replaceChildren(element("p", {}, words), ...more);
  message.hidden = false;
  message.focus();
}

/**
 * Shows events and items that may be the same, and a button that accepts anyway.
 *
 * @param {HTMLFormElement} form
 * @param {{ code: string, message: string, suggestion: string }[]} warnings
 */
function showTwins(form, warnings) {
  const twins = warnings.map(({ code, message, suggestion }) => {
    const page = code.endsWith("item") ? "submissions" : "events";
    const link = element("a", { href: `/desk/${page}/${suggestion}${location.search}`, target: "_blank" }, t("Open"));
    return element("li", {}, message, " ", link);
  });
  const anyway = element("button", { type: "button", class: "button" }, t("Accept anyway"));
  anyway.addEventListener("click", () => void decide(form, { confirm: warnings.map(({ code }) => code) }));
  refuse(t("This may be on the map or in the queue already."), element("ul", {}, ...twins), anyway);
}

/**
 * Sends a decision.
 *
 * @param {HTMLFormElement} form
 * @param {Record<string, unknown>} [more] further members of the request body
 */
async function decide(form, more = {}) {
  const button = form.querySelector("button:not([type=button])");
  if (button instanceof HTMLButtonElement) button.disabled = true;
  byId("decide-error").hidden = true;
  fields?.showErrors([]);
  try {
    await desk.request("POST", `${path}/${form.dataset.form}`, { ...bodyOf(form), ...more }, version);
    location.reload();
  } catch (error) {
    if (button instanceof HTMLButtonElement) button.disabled = false;
    const { status, problem } = error instanceof Failure ? error : new Failure("broken", { cause: error });
    if (status === 412) {
      version = problem.current.version;
      const look = element("a", { href: location.href, class: "button" }, t("Show the current version"));
      refuse(String(problem.detail), look);
    } else if (status === 409 && problem.warnings) {
      showTwins(form, problem.warnings);
    } else if (status === 422 && fields && form.dataset.form === "accept") {
      const left = fields.showErrors(problem.errors ?? [], "/event");
      refuse([t("Some fields have errors."), ...left].join(" "));
    } else {
      refuse(refusalText(error, t("Decision not saved."), t));
    }
  }
}

for (const form of panel?.querySelectorAll("form") ?? []) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void decide(form);
  });
}
for (const button of panel?.querySelectorAll("[data-action]") ?? []) {
  button.addEventListener("click", () => toggle(button.getAttribute("data-action") ?? ""));
}
for (const button of document.querySelectorAll("[data-merge]")) {
  button.addEventListener("click", () => {
    open("merge");
    const choice = /** @type {HTMLSelectElement} */ (byId("merge-event"));
    choice.value = button.getAttribute("data-merge") ?? "";
  });
}

const take = bindWork(
  desk,
  workPath,
  {
    me: config.me,
    version: () => (versioned ? version : null),
    changed(item) {
      if (!versioned) return;
      ({ version } = item);
      if (item.state !== "question") byId("item-state").textContent = item.assigned_to ? t("in review") : t("waiting");
    },
  },
  t,
);

for (const button of document.querySelectorAll("[data-separate]")) {
  const [one = "", its = ""] = (button.getAttribute("data-separate") ?? "").split(" ");
  button.addEventListener("click", () => {
    void desk.request("POST", `submissions/${one}/separate`, {}, Number(its)).then(
      () => location.reload(),
      (error) => refuse(refusalText(error, t("Change not saved."), t)),
    );
  });
}

/** @type {HTMLFormElement | null} */
const reopenForm = document.querySelector("#reopen-form");
reopenForm?.addEventListener("submit", (event) => {
  event.preventDefault();
  const reason = String(new FormData(reopenForm).get("reason")).trim();
  void desk.request("POST", `${path}/reopen`, { reason }, version).then(
    () => location.reload(),
    (error) => {
      const message = byId("reopen-error");
      message.textContent = refusalText(error, t("Change not saved."), t);
      message.hidden = false;
    },
  );
});

/** Opens the next or previous item. @param {1 | -1} step */
const go = (step) => location.assign(along(location.pathname, step) ?? "/desk/queue");

bindKeys({
  a: () => toggle(kind === "problem" ? "settle" : "accept"),
  m: () => formOf("merge") && toggle("merge"),
  r: () => toggle("reject"),
  q: () => formOf("ask") && toggle("ask"),
  t: take,
  j: () => go(1),
  k: () => go(-1),
  Escape: () => open(null),
});

bindPage();
