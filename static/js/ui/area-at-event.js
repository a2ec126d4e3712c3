/**
 * The card's "Front line that day": which status the place of an event had on its last day, in the
 * history that the browser holds.
 *
 * @import { Config, EventFeature, Store, TerritorySource, Translate } from "../types.js"
 */
import { chosenAssessors, lineThen } from "../data/assessments.js";
import { middleOf } from "../lib/shape.js";
import { dayAt, daysTouched, formatDay } from "../time/day.js";
import { momentText, statusText } from "./area-text.js";

/**
 * @param {EventFeature} event
 * @param {object} context
 * @param {Store} context.store
 * @param {TerritorySource} context.territory
 * @param {Config} context.config
 * @param {Translate} context.t
 * @returns {string | null} null: nobody has drawn areas, or the history is not there yet, or had
 *   not begun
 */
export function areaAtEventText({ geometry, properties }, { store, territory, config, t }) {
  const { first } = chosenAssessors(store.get(), config);
  const history = first && territory.get(first.slug);
  if (!history) return null;
  const [longitude, latitude] = middleOf(geometry);
  const day = daysTouched(properties.happened_from, properties.happened_to).to - 1;
  const found = lineThen(history, longitude, latitude, day);
  if (!found) return null;
  const { language } = config;
  const status = statusText(found.status, t);
  const words =
    found.since === null
      ? status
      : t("{status} (since {day})", {
          status,
          day: formatDay(dayAt(found.since), language, { year: false }),
        });
  return t("{words} · {assessor}, {moment}", {
    words,
    assessor: first.name,
    moment: momentText(found.validFrom, language, { month: "short" }),
  });
}
