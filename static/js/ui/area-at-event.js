/**
 * The card's "Front line that day": the status of the event's place on its last day, from the
 * history in the browser.
 *
 * @import { Config, EventFeature, Store, TerritorySource, Translate } from "../types.js"
 */
import { chosenAssessors, lineThen } from "../data/assessments.js";
import { middleOf } from "../lib/shape.js";
import { dayAt, daysTouched, formatDay } from "../time/day.js";
import { momentText, statusText } from "./area-text.js";

/**
 * Returns the status text.
 * @param {EventFeature} event
 * @param {object} context
 * @param {Store} context.store
 * @param {TerritorySource} context.territory
 * @param {Config} context.config
 * @param {Translate} context.t
 * @returns {string | null} null: no assessors, no history loaded, or no assessment that early
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
