/**
 * The script of the page of one event: a small map, and the dialog for reporting a problem. The rest
 * of the page needs no script.
 */
import { createApi } from "./data/api.js";
import { toProblem } from "./data/fetch-json.js";
import { createTranslate } from "./lib/messages.js";
import { byId } from "./lib/refs.js";
import { openDeskMap } from "./map/open-small-map.js";
import { element } from "./ui/element.js";
import { reportProblem } from "./ui/report-problem.js";

/** The zoom of a place that is known well: the ground around it is on the map, and often the line. */
const PLACE_ZOOM = 12;

const { messages, language, event, map: config } = JSON.parse(byId("config").textContent ?? "");
const t = createTranslate(messages, language);
const button = byId("report-problem");
button.hidden = false;
button.addEventListener("click", () => reportProblem(event, t));

/** Opens the map. Without Leaflet, the page stays as it is without scripts. */
async function openMap() {
  const frame = byId("event-map");
  frame.hidden = false; // Leaflet measures it
  const map = await openDeskMap(byId("map"), { ...config, language, label: event.title, onShape() {} });
  if (!map) {
    frame.hidden = true;
    return;
  }
  map.show(config.geometry);
  map.showPrecision(config.precision_m);
  map.look(PLACE_ZOOM);
  if (config.line) await showLine(map, byId("map-line").textContent ?? "");
}

/**
 * Draws the front line of the event's last day.
 *
 * @param {import("./map/desk-map.js").DeskMap} map
 * @param {string} words the caption of the line
 */
async function showLine(map, words) {
  const { is_old: isOld, ...asked } = config.line;
  const caption = byId("map-line");
  try {
    map.showLine(await createApi().lineAround(asked), { isOld });
    caption.textContent = words;
  } catch (error) {
    const { what, why } = toProblem(error, t("The front line could not be loaded."), null, t);
    const retry = element(
      "button",
      { type: "button", class: "link-button", click: () => void showLine(map, words) },
      t("Try again"),
    );
    caption.replaceChildren(element("span", { class: "error" }, `${what} ${why} `, retry));
  }
}

void openMap();
