/**
 * The words beside the pointer, for what it points at. The columns have no titles: kind, day and verification are what can be
 * told without asking the server.
 *
 * @import { Config, SelectionSource, Translate } from "../types.js"
 * @import { Hit } from "./hit.js"
 */
import { oncePerFrame } from "../lib/frame.js";
import { formatCount } from "../lib/numbers.js";
import { formatMonth, formatRange } from "../time/day.js";
import { verificationWords } from "../ui/event-words.js";

const AWAY_PX = 14;

/**
 * @param {HTMLElement} root
 * @param {import("leaflet").Map} map
 * @param {object} options
 * @param {(point: import("leaflet").Point) => Hit | null} options.hit
 * @param {SelectionSource} options.selection
 * @param {Config} options.config
 * @param {Translate} options.t
 */
export function createTip(root, map, { hit, selection, config, t }) {
  const container = map.getContainer();
  /** @type {import("leaflet").Point | null} */
  let pointer = null;

  /** @param {Hit} found */
  function words({ row, count }) {
    const columns = selection.get()?.columns;
    if (!columns) return "";
    if (count > 1) return t("{count} events here", { count: formatCount(count, config.language) });
    const slug = columns.categories[columns.category[row] ?? -1];
    const category = config.theatre.categories.find((one) => one.slug === slug)?.name ?? slug ?? "";
    const verification = verificationWords(columns.verifications[columns.verification[row] ?? -1] ?? "", t).name;
    return [category, when(columns, row), verification].join(" · ");
  }

  /** @param {import("../types.js").EventColumns} columns @param {number} row */
  function when(columns, row) {
    const from = columns.day[row] ?? 0;
    const precision = columns.timePrecisions[columns.timePrecision[row] ?? -1];
    if (precision === "month") return formatMonth(from, config.language);
    return formatRange({ from, to: from + (columns.days[row] ?? 1) }, config.language);
  }

  const look = oncePerFrame(() => {
    const found = pointer && hit(pointer);
    container.classList.toggle("over-event", Boolean(found));
    root.hidden = !found;
    if (!found || !pointer) return;
    root.textContent = words(found);
    const room = container.clientWidth - root.offsetWidth - AWAY_PX;
    const x = pointer.x > room ? pointer.x - root.offsetWidth - AWAY_PX : pointer.x + AWAY_PX;
    root.style.transform = `translate(${Math.round(x)}px, ${Math.round(pointer.y + AWAY_PX)}px)`;
  });

  /** @param {import("leaflet").Point | null} point */
  function point(point) {
    pointer = point;
    look.ask();
  }

  // A finger covers what it points at, and lifts without saying so: the words are for mice and pens.
  map.on("mousemove", ({ containerPoint, originalEvent }) => {
    const touch = originalEvent instanceof PointerEvent && originalEvent.pointerType === "touch";
    point(touch ? null : containerPoint);
  });
  map.on("mouseout dragstart zoomstart click", () => point(null)); // a click opens a card, which says more
}
