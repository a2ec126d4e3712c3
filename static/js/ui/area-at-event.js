/**
 * The card's "Front line that day": the status of the event's place on its last day, from the
 * history in the browser.
 *
 * @import { Config, EventFeature, Store, TerritorySource, Translate } from "../types.js"
 */
import { chosenAssessors, lineThen } from "../data/assessments.js";
import { middleOf } from "../lib/shape.js";
import { daysTouched } from "../time/day.js";
import { ageText, momentText, noAssessmentText, sinceText, statusText } from "./area-text.js";

/** @type {{ month: "short" }} */
const SHORT = { month: "short" };

/**
 * Returns the status text, with the age of an old assessment.
 * @param {EventFeature} event
 * @param {object} context
 * @param {Store} context.store
 * @param {TerritorySource} context.territory
 * @param {Config} context.config
 * @param {Translate} context.t
 * @returns {string | null} null: no assessors, or no history loaded
 */
export function areaAtEventText({ geometry, properties }, { store, territory, config, t }) {
  const { first } = chosenAssessors(store.get(), config);
  const history = first && territory.get(first.slug);
  if (!history) return null;
  const [longitude, latitude] = middleOf(geometry);
  const day = daysTouched(properties.happened_from, properties.happened_to).to - 1;
  const found = lineThen(history, longitude, latitude, day);
  const { language } = config;
  if (!found) {
    return t("{assessor}: {words}", { assessor: first.name, words: noAssessmentText(history.assessor, t, language) });
  }
  return t("{status} ({since}) · {assessor}, {moment}", {
    status: statusText(found.status, t),
    since: sinceText(found.since, t, language, SHORT),
    assessor: first.name,
    moment: ageText(found, t, language, SHORT) || momentText(found.validFrom, language, SHORT),
  });
}
