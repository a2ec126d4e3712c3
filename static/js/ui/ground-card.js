/**
 * The status of a place, shown after a click without an event. The chosen assessor's status comes
 * from the history in the browser and follows the slider. Other assessors and the claims about the
 * area are requested after the last movement of the slider.
 */
import { areasDay, chosenAssessors, lineThen, statusesAt } from "../data/assessments.js";
import { toProblem } from "../data/fetch-json.js";
import { createLatest } from "../lib/latest.js";
import { toIso } from "../time/day.js";
import { announce } from "./announce.js";
import { areaIcon } from "./area-icon.js";
import { ageText, assessmentText, momentText, sinceText, statusNames, statusText } from "./area-text.js";
import { claimList } from "./card-claims.js";
import { element, present } from "./element.js";

/**
 * @import { Assessor, Config, LonLat, Store, Territory, TerritorySource, Translate } from "../types.js"
 */
/** @import { Api, AssessmentThere, GroundThere } from "../data/api.js" */

/** Delay after the last movement of the slider before a request. */
const REST_MS = 250;
/** @type {{ month: "short" }} */
const SHORT = { month: "short" };

/**
 * The content of the popup.
 *
 * @typedef {object} GroundCard
 * @property {HTMLElement} root
 * @property {(place: LonLat, onResize: () => void) => boolean} open returns false if the place lies
 *   in no area
 * @property {() => void} close
 */

/**
 * Creates the content.
 * @param {{ store: Store, territory: TerritorySource, config: Config, api: Pick<Api, "ground">, t:
 *   Translate }} parts
 * @returns {GroundCard}
 */
export function createGroundCard({ store, territory, config, api, t }) {
  const { language } = config;
  const names = statusNames(t);
  const latest = createLatest();
  const summary = element("div", {});
  const more = element("div", {});
  /** @type {LonLat | null} */
  let place = null;
  /** @type {{ territory: Territory, statusIn: ReturnType<typeof statusesAt> } | null} */
  let lookup = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let rest;
  let shown = "";
  let onResize = () => {};

  /** Returns the chosen assessor and the status of the place. */
  function here() {
    const { first } = chosenAssessors(store.get(), config);
    const history = first && territory.get(first.slug);
    if (!first || !history || !place) return null;
    const { longitude, latitude } = place;
    if (lookup?.territory !== history)
      lookup = { territory: history, statusIn: statusesAt(history, longitude, latitude) };
    const day = areasDay(store.get());
    return { assessor: first, history, day, found: lineThen(history, longitude, latitude, day, lookup.statusIn) };
  }

  /** Shows the status. @param {NonNullable<ReturnType<typeof here>>} it */
  function write({ assessor, history, found }) {
    const status = found?.status ?? null;
    const age = found ? ageText(found, t, language) : "";
    const licence = assessor.licence ? ` · ${assessor.licence}` : "";
    const words =
      found && age ? momentText(found.validFrom, language) : assessmentText(found, history.assessor, t, language);
    const isCovered = status !== null || (found !== null && history.covers(found.assessment).length > 0);
    const title = status ? names[status] : isCovered ? t("Nothing marked here") : t("No data here");
    const parts = [
      element("h2", { class: "ground-title" }, status && areaIcon(status, age !== ""), title),
      age && element("p", { class: "old" }, age),
      found && element("p", {}, sinceText(found.since, t, language)),
      element("p", { class: "note" }, `${assessor.name}, ${words}${licence}`),
    ];
    summary.replaceChildren(...present(parts));
    return title;
  }

  /**
   * Shows the other assessors and the claims.
   * @param {GroundThere} ground
   * @param {Assessor} first
   */
  function writeMore({ assessments }, first) {
    const others = assessments.filter(({ assessor }) => assessor !== first.slug);
    const areas = assessments.flatMap((one) => one.areas);
    const claims = areas.flatMap((area) => area.claims);
    const sources = areas.flatMap((area) => area.sources);
    const list = claimList(claims, sources, { config, t });
    more.replaceChildren(
      ...(others.length ? [element("ul", { class: "ground-others note" }, ...others.map(other))] : []),
      ...(list ? [element("h3", {}, t("Who says what")), list] : []),
    );
    onResize();
  }

  /** Creates the line of another assessor. @param {AssessmentThere} one */
  function other({ name, areas, valid_from: from, last_seen_at: seen, age_days: age }) {
    const status = areas.length ? areas.map((area) => statusText(area.status, t)).join(", ") : statusText(null, t);
    const old = ageText({ lastSeen: Date.parse(seen), age }, t, language, SHORT);
    const moment = momentText(Date.parse(from), language, SHORT);
    return element(
      "li",
      {},
      old
        ? t("{assessor}: {status}, {age}", { assessor: name, status, age: old })
        : t("{assessor}: {status}, as of {moment}", { assessor: name, status, moment }),
    );
  }

  function show() {
    const it = here();
    if (!it) return;
    const key = `${it.assessor.slug} ${it.day}`;
    if (key === shown) return;
    shown = key;
    const title = write(it);
    more.replaceChildren();
    onResize();
    latest.cancel();
    clearTimeout(rest);
    rest = setTimeout(() => void loadClaims(it.assessor, it.day), REST_MS);
    return title;
  }

  /**
   * Loads the claims and the other assessors.
   * @param {Assessor} first
   * @param {number} day
   */
  async function loadClaims(first, day) {
    if (!place) return;
    const position = `${place.longitude.toFixed(5)},${place.latitude.toFixed(5)}`;
    try {
      const ground = await latest.run((signal) => api.ground({ position, state_at: toIso(day) }, signal));
      if (ground) writeMore(ground, first);
    } catch (error) {
      const { what, why } = toProblem(error, t("Other assessors and claims could not be loaded."), null, t);
      const again = () => void loadClaims(first, day);
      more.replaceChildren(
        element(
          "p",
          { class: "note", role: "alert" },
          `${what} ${why} `,
          element("button", { type: "button", class: "link-button", click: again }, t("Try again")),
        ),
      );
      onResize();
    }
  }

  store.watch(areasDay, show);
  store.watch((state) => state.assessors, show);

  return {
    root: element("div", { class: "ground-content" }, summary, more),

    open(at, resized) {
      place = at;
      lookup = null;
      if (!here()?.found?.status) {
        place = null;
        return false;
      }
      shown = "";
      onResize = resized;
      const title = show();
      if (title) announce(title);
      return true;
    },

    close() {
      place = lookup = null;
      onResize = () => {};
      latest.cancel();
      clearTimeout(rest);
    },
  };
}
