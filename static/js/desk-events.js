/**
 * The bulk editor: the reader selects events in the list or on the map, and previews a change of
 * each. Then the change is applied to all events or none, and can be undone as a whole.
 *
 * @import { Row } from "./ui/desk-rows.js"
 * @import { Tool } from "./map/choose-map.js"
 */
import { isolate } from "./lib/bidi.js";
import { createDesk } from "./data/desk.js";
import { keepTrail } from "./data/desk-list.js";
import { Failure } from "./data/fetch-json.js";
import { createTranslate } from "./lib/messages.js";
import { formatCount } from "./lib/numbers.js";
import { byId } from "./lib/refs.js";
import { openChooseMap } from "./map/open-small-map.js";
import { replaceDateInputs } from "./ui/date-input.js";
import { refusalText, bindPage } from "./ui/desk-item.js";
import { eventRow } from "./ui/desk-rows.js";
import { element } from "./ui/element.js";

/** Maximum number of events of one change. */
const SELECT_LIMIT = 1000;
/** Maximum number of listed results. */
const LISTED_LIMIT = 200;

const config = JSON.parse(byId("config").textContent);
const t = createTranslate(config.messages, config.language);
const desk = createDesk(config.form_token);
replaceDateInputs(document, { language: config.language, t });
const list = document.getElementById("events");

/** The matching events, by id. @type {Map<string, Row>} */
const known = new Map(config.rows.map((/** @type {Row} */ row) => [row.id, row]));
/** The ids of the selected events. @type {Set<string>} */
const chosen = new Set();
/** @type {import("./map/choose-map.js").ChooseMap | null} */
let map = null;
/** The ids of the events that the last preview rejected. @type {string[]} */
let refusing = [];

/** Formats a number. @param {number} number */
const count = (number) => formatCount(number, config.language);
const boxes = () => /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(".bulk-box")]);
const isChosen = (/** @type {string} */ id) => chosen.has(id);

function followList() {
  const links = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("#events .queue-item > a")]);
  keepTrail(links.map((link) => link.pathname + link.search));
}
followList();

/** Shows an error. @param {unknown} error */
function refuse(error) {
  const message = byId("bulk-error");
  const items = error instanceof Failure && Array.isArray(error.problem.items) ? error.problem.items : [];
  const stale = error instanceof Failure && error.status === 412;
  message.textContent = stale
    ? t("Some of these events have changed. Reload the list.")
    : [
        refusalText(error, t("Nothing was changed."), t),
        ...items.map((one) => `${isolate(one.title)}: ${one.refusal}`),
      ].join(" ");
  message.hidden = false;
  message.focus();
}

/** Updates everything that shows the selection: the checkboxes, the map and the count. */
function follow() {
  const listed = boxes();
  for (const box of listed) box.checked = chosen.has(box.value);
  const all = /** @type {HTMLInputElement} */ (byId("select-all"));
  const marked = listed.filter((box) => box.checked).length;
  all.checked = marked > 0 && marked === listed.length;
  all.indeterminate = marked > 0 && marked < listed.length;
  const beyond = chosen.size - marked;
  byId("bulk").hidden = chosen.size === 0;
  byId("clear-selection").hidden = chosen.size === 0;
  byId("bulk-count").textContent = beyond
    ? t("{number} selected, {beyond} of them not in the list above", {
        number: count(chosen.size),
        beyond: count(beyond),
      })
    : t("{number} selected", { number: count(chosen.size) });
  map?.follow(isChosen);
  forget();
}

/** Clears the preview, which is no longer valid. */
function forget() {
  byId("bulk-preview").hidden = true;
  byId("bulk-summary").textContent = "";
  for (const id of ["bulk-apply", "bulk-skip"]) byId(id).hidden = true;
}

/** Selects or deselects events. @param {Iterable<string>} ids @param {boolean} on */
function choose(ids, on) {
  for (const id of ids) {
    if (!on) chosen.delete(id);
    else if (chosen.size < SELECT_LIMIT) chosen.add(id);
  }
  follow();
}

/** Fetches matching events. @param {string} query */
const fetchRows = (query) => desk.request("GET", `bulk/events?${[config.matching, query].filter(Boolean).join("&")}`);

/** The request for all matching events, up to the maximum. @type {Promise<Row[]> | null} */
let rowsRequest = null;
const allMatching = () =>
  (rowsRequest ??= fetchRows(`limit=${SELECT_LIMIT}`).then(({ events }) => {
    for (const row of events) if (!known.has(row.id)) known.set(row.id, row);
    return events;
  }));

/** Returns the request body. @param {boolean} apply */
function body(apply) {
  const typed = new FormData(/** @type {HTMLFormElement} */ (byId("bulk")));
  const [field = "", value = ""] = String(typed.get("change")).split(":");
  return {
    events: [...chosen].map((id) => ({ id, version: known.get(id)?.version })),
    change: { [field]: value },
    reason: String(typed.get("reason")),
    apply,
  };
}

/**
 * Shows the results of a preview.
 * @param {{ id: string, title: string, before: string, after: string, refusal: string | null }[]}
 *   items
 */
function showResults(items) {
  const refused = items.filter((one) => one.refusal);
  refusing = refused.map((one) => one.id);
  const words = (/** @type {string} */ slug) => config.words[slug] ?? slug;
  // Rejected events are listed first, because they need an action.
  const shown = [...refused, ...items.filter((one) => !one.refusal)].slice(0, LISTED_LIMIT);
  byId("bulk-preview").replaceChildren(
    ...shown.map((one) =>
      element(
        "li",
        { class: one.refusal ? "refused" : null },
        element("span", { dir: "auto" }, one.title),
        element("span", { class: "note" }, one.refusal ?? `${words(one.before)} → ${words(one.after)}`),
      ),
    ),
  );
  byId("bulk-preview").hidden = false;
  byId("bulk-summary").textContent = t("{changed} can be changed, {refused} can't.", {
    changed: count(items.length - refused.length),
    refused: count(refused.length),
  });
  byId("bulk-apply").hidden = refused.length > 0;
  byId("bulk-skip").hidden = refused.length === 0 || refused.length === items.length;
}

/** Connects the form. @param {HTMLElement} form */
function bindForm(form) {
  form.addEventListener("input", forget);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    byId("bulk-error").hidden = true;
    await desk.request("POST", "bulk", body(false)).then(({ items }) => showResults(items), refuse);
  });
  byId("bulk-skip").addEventListener("click", () => {
    choose(refusing, false);
    /** @type {HTMLFormElement} */ (form).requestSubmit();
  });
  byId("bulk-apply").addEventListener("click", () => {
    /** @type {HTMLButtonElement} */ (byId("bulk-apply")).disabled = true;
    void desk.request("POST", "bulk", body(true)).then(
      () => location.reload(),
      (error) => {
        /** @type {HTMLButtonElement} */ (byId("bulk-apply")).disabled = false;
        refuse(error);
      },
    );
  });
}

/** Connects the list. @param {HTMLElement} rows */
function bindList(rows) {
  rows.addEventListener("change", (event) => {
    const box = /** @type {HTMLInputElement} */ (event.target);
    choose([box.value], box.checked);
  });
  byId("select-all").addEventListener("change", (event) => {
    const { checked } = /** @type {HTMLInputElement} */ (event.target);
    choose(
      boxes().map((box) => box.value),
      checked,
    );
  });
  byId("clear-selection").addEventListener("click", () => choose([...chosen], false));
  document.getElementById("select-all-matching")?.addEventListener("click", () => {
    void allMatching().then(
      (/** @type {Row[]} */ events) =>
        choose(
          events.map((/** @type {Row} */ row) => row.id),
          true,
        ),
      refuse,
    );
  });
  const more = /** @type {HTMLAnchorElement | null} */ (document.getElementById("more"));
  more?.addEventListener("click", async (event) => {
    event.preventDefault();
    const after = new URL(more.href).searchParams.get("after") ?? "";
    const found = await fetchRows(`after=${encodeURIComponent(after)}`).catch(refuse);
    if (!found) return;
    for (const row of found.events) if (!known.has(row.id)) known.set(row.id, row);
    const added = found.events.map((/** @type {Row} */ row) => eventRow(row, config.words, t, config.language));
    rows.append(...added);
    added[0]?.querySelector("a")?.focus();
    const next = new URL(more.href);
    next.searchParams.set("after", found.next ?? "");
    more.href = next.href;
    more.hidden = !found.next;
    followList();
    follow();
  });
}

/** Connects the map. @param {import("./map/choose-map.js").ChooseMap} opened */
async function bindMap(opened) {
  map = opened;
  const message = byId("map-status");
  try {
    const events = await allMatching();
    map.show(events, isChosen);
    if (config.total > events.length) {
      message.textContent = t("The map shows the last {number} of {total}.", {
        number: count(events.length),
        total: count(config.total),
      });
    }
  } catch (error) {
    message.textContent = refusalText(error, t("The events could not be put on the map."), t);
    return;
  }
  byId("select-tools").hidden = false;
  const buttons = [...document.querySelectorAll("[data-tool]")];
  /** Activates a tool of the map. @param {string | null} name */
  const use = (name) => {
    map?.use(/** @type {Tool | null} */ (name));
    for (const one of buttons) {
      one.setAttribute("aria-pressed", String(name !== null && one.getAttribute("data-tool") === name));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      use(button.getAttribute("aria-pressed") === "true" ? null : button.getAttribute("data-tool"));
    });
  }
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") use(null);
  });
}

if (list) {
  bindList(list);
  bindForm(byId("bulk"));
  void openChooseMap(byId("map"), {
    ...config,
    onToggle: (/** @type {string} */ id) => choose([id], !chosen.has(id)),
    onPoint: ({ title }) => void (byId("map-status").textContent = isolate(title)),
    onArea: (/** @type {string[]} */ ids) => choose(ids, true),
  }).then((opened) => opened && bindMap(opened));
  follow();
}

for (const button of document.querySelectorAll("[data-undo]")) {
  button.addEventListener("click", () => {
    void desk.request("POST", `bulk/${button.getAttribute("data-undo")}/undo`).then(() => location.reload(), refuse);
  });
}

bindPage();
