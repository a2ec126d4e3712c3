/**
 * Messages about the state of the page, below the filters: loading, errors, no connection, no
 * events. Each message offers an action if there is one.
 *
 * @import { Bounds, Config, Day, Problem, SelectionSource, Store, Translate } from "../types.js"
 */
import { anyIn, boxOf, nearestDay, windowAt } from "../data/nearest.js";
import { choose } from "../state/choices.js";
import { NO_FILTERS } from "../state/facets.js";
import { setProblem } from "../state/problems.js";
import { formatDay, formatMoment } from "../time/day.js";
import { element, iconButton } from "./element.js";

/** Delay before the message that there are no events. A moving slider passes many empty windows. */
const LASTS_MS = 350;

/**
 * Creates the messages.
 * @param {HTMLElement} root a live region
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource & { loadedAt: () => number | null }} options.selection
 * @param {Config} options.config
 * @param {Translate} options.t
 * @param {(bounds: Bounds) => void} options.onFit shows a box of the world
 * @returns {{ show: (text: string) => void }} `show` shows a message once
 */
export function createNotice(root, { store, selection, config, t, onFit }) {
  const { language } = config;
  const places = {
    problems: element("div", {}),
    offline: element("div", {}),
    messages: element("div", {}),
    // Not a live region, because the changing number has no value for screen readers.
    progress: element("div", { "aria-live": "off" }),
    empty: element("div", {}),
  };
  root.replaceChildren(...Object.values(places));
  const bar = element("div", { class: "loading-bar", "aria-hidden": "true", hidden: true });
  document.body.append(bar);

  /**
   * Creates a message.
   * @param {string} kind
   * @param {(Node | string)[]} words
   * @param {(() => void) | null} dismiss
   */
  function card(kind, words, dismiss) {
    const box = element("div", { class: "notice paper", "data-kind": kind }, element("p", {}, ...words));
    if (dismiss) box.append(iconButton("close", t("Close"), { click: dismiss }));
    return box;
  }

  /** Creates the button of an action. @param {string} words @param {() => void} act */
  const doing = (words, act) => element("button", { type: "button", class: "link-button", click: act }, words);

  /** @type {Map<string, { problem: Problem, box: HTMLElement }>} by part of the page */
  const shownProblems = new Map();

  /** Shows the failure of each part; the messages of the others stay as they are. */
  function showProblems() {
    const { problems } = store.get();
    for (const [part, { problem, box }] of shownProblems) {
      if (problems[part] === problem) continue;
      box.remove();
      shownProblems.delete(part);
    }
    for (const [part, problem] of Object.entries(problems)) {
      if (shownProblems.has(part)) continue;
      const box = problemCard(part, problem);
      shownProblems.set(part, { problem, box });
      places.problems.append(box);
    }
  }

  /** Creates the message of a failure. @param {string} part @param {Problem} problem */
  function problemCard(part, { what, why, retry, retryLabel = t("Try again") }) {
    const dismiss = () => setProblem(store, part, null);
    const again = () => {
      dismiss();
      retry?.();
    };
    const words = [element("b", {}, what), " ", why, ...(retry ? [" ", doing(retryLabel, again)] : [])];
    return card("problem", words, dismiss);
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let slow;
  function showProgress() {
    const { progress } = store.get();
    clearTimeout(slow);
    if (!progress) {
      places.progress.replaceChildren();
      return;
    }
    const percent = Math.floor((100 * progress.loaded) / progress.all);
    const showSlow = () =>
      places.progress.replaceChildren(card("progress", [t("Loading events: {percent}%", { percent })], null));
    if (places.progress.hasChildNodes()) showSlow();
    else slow = setTimeout(showSlow, LASTS_MS);
  }

  function showOffline() {
    const since = selection.loadedAt();
    if (navigator.onLine) places.offline.replaceChildren();
    else {
      const words =
        since === null
          ? t("You are offline.")
          : t("You are offline. Last updated {moment}.", { moment: formatMoment(since, language) });
      places.offline.replaceChildren(card("offline", [words], null));
    }
  }

  /**
   * Returns the message about no events.
   * @returns {(Node | string)[] | null} null: there are events
   */
  function emptyText() {
    const latest = selection.get();
    const { shown, bounds, filters } = store.get();
    if (!latest || !shown) return null;
    if (latest.columns.total === 0 && filters.q === "") return [t("There are no events on this map yet.")];
    const { inWindow, inView } = anyIn(latest, shown, bounds);
    // No message while the events are still loading.
    if (inView || (!inWindow && latest.columns.missing.some(({ from, to }) => from < shown.to && to > shown.from))) {
      return null;
    }
    if (inWindow) {
      const box = boxOf(latest, shown);
      return [
        t("No events in this view for this period."),
        " ",
        ...(box ? [doing(t("Go to the events"), () => onFit(box))] : []),
      ];
    }
    const day = nearestDay(latest, shown);
    if (day === null) {
      const clear = () => store.set({ filters: NO_FILTERS });
      return [t("No events match these filters on any day."), " ", doing(t("Reset filters"), clear)];
    }
    const go = () => choose(store, { window: windowAt(shown, day), playing: null });
    return [t("No events in this period."), " ", doing(t("Nearest: {day}", { day: nearestText(day) }), go)];
  }

  /** Formats the nearest day. @param {Day} day */
  function nearestText(day) {
    const { shown } = store.get();
    const year = formatDay(day, language, { month: "short", year: true });
    const near =
      shown && new Date(day * 86_400_000).getUTCFullYear() === new Date(shown.from * 86_400_000).getUTCFullYear();
    return near ? formatDay(day, language, { year: false }) : year;
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let lasting;
  function showEmpty() {
    clearTimeout(lasting);
    if (!places.empty.hasChildNodes()) {
      lasting = setTimeout(drawEmpty, LASTS_MS);
      return;
    }
    // A message that no longer applies disappears at once.
    lasting = setTimeout(drawEmpty, LASTS_MS);
    if (!emptyText()) places.empty.replaceChildren();
  }

  function drawEmpty() {
    const words = store.get().playing === null ? emptyText() : null;
    if (
      words &&
      places.empty.textContent === words.map((word) => (typeof word === "string" ? word : word.textContent)).join("")
    )
      return;
    places.empty.replaceChildren(...(words ? [card("empty", words, null)] : []));
  }

  store.watch((state) => state.problems, showProblems);
  showProblems();
  store.watch((state) => state.progress, showProgress);
  store.watch(
    (state) => state.loading,
    (loading) => (bar.hidden = !loading),
  );
  store.watch((state) => state.shown, showEmpty);
  store.watch((state) => state.bounds, showEmpty);
  store.watch((state) => state.playing, showEmpty);
  selection.watch(showEmpty);
  addEventListener("online", showOffline);
  addEventListener("offline", showOffline);
  showOffline();

  const messages = new Set();
  return {
    show(text) {
      if (messages.has(text)) return;
      messages.add(text);
      const message = card("told", [text], () => message.remove());
      places.messages.append(message);
    },
  };
}
