/**
 * Many events changed at once: first it is told what becomes of each, then it is done to all or to none, and undone as one.
 */
import { createDesk } from "./data/desk.js";
import { keepTrail } from "./data/desk-trail.js";
import { Failure } from "./data/fetch-json.js";
import { createTranslate } from "./lib/messages.js";
import { byId } from "./lib/refs.js";
import { refusalWords, wakePage } from "./ui/desk-item.js";
import { element } from "./ui/element.js";

const config = JSON.parse(byId("config").textContent);
const t = createTranslate(config.messages);
const desk = createDesk(config.form_token);
const boxes = /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll(".bulk-box")]);
const links = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("#events .queue-item > a")]);
keepTrail(links.map((link) => link.pathname + link.search));

/** @param {unknown} error */
function refuse(error) {
  const fault = byId("bulk-fault");
  const items = error instanceof Failure && Array.isArray(error.problem.items) ? error.problem.items : [];
  const stale = error instanceof Failure && error.status === 412;
  fault.textContent = stale
    ? t("Some of them were changed since you saw them: open the list again.")
    : [refusalWords(error, t("Nothing was changed."), t), ...items.map((one) => `${one.title}: ${one.refusal}`)].join(
        " ",
      );
  fault.hidden = false;
  fault.focus();
}

const chosen = () => boxes.filter((box) => box.checked);

function count() {
  const number = chosen().length;
  byId("bulk").hidden = number === 0;
  byId("bulk-count").textContent = t("{number} chosen", { number });
  forget();
}

/** What was told does not hold any more. */
function forget() {
  byId("bulk-told").replaceChildren();
  byId("bulk-apply").hidden = true;
}

/** @param {boolean} apply */
function body(apply) {
  const typed = new FormData(/** @type {HTMLFormElement} */ (byId("bulk")));
  const [field = "", value = ""] = String(typed.get("what")).split(":");
  return {
    events: chosen().map((box) => ({ id: box.value, version: Number(box.dataset.version) })),
    change: { [field]: value },
    reason: String(typed.get("reason")),
    apply,
  };
}

if (boxes.length) {
  const all = /** @type {HTMLInputElement} */ (byId("all"));
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    count();
  });
  for (const box of boxes) box.addEventListener("change", count);
  const form = byId("bulk");
  form.addEventListener("input", forget);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    byId("bulk-fault").hidden = true;
    try {
      const { items } = await desk.ask("POST", "bulk", body(false));
      byId("bulk-told").replaceChildren(
        ...items.map((/** @type {any} */ one) =>
          element(
            "li",
            { class: one.refusal ? "refused" : null },
            element("span", { dir: "auto" }, one.title),
            element("span", { class: "note" }, one.refusal ?? `${one.before} → ${one.after}`),
          ),
        ),
      );
      byId("bulk-apply").hidden = items.some((/** @type {any} */ one) => one.refusal);
    } catch (error) {
      refuse(error);
    }
  });
  byId("bulk-apply").addEventListener("click", () => {
    void desk.ask("POST", "bulk", body(true)).then(() => location.reload(), refuse);
  });
  count();
}

for (const button of document.querySelectorAll("[data-undo]")) {
  button.addEventListener("click", () => {
    void desk.ask("POST", `bulk/${button.getAttribute("data-undo")}/undo`).then(() => location.reload(), refuse);
  });
}

wakePage();
