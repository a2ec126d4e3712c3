/**
 * Moves the map and the window to the selected event, if the URL has only the event.
 *
 * @import { EventFeature, Store } from "../types.js"
 * @import { Api } from "./api.js"
 */
import { middleOf } from "../lib/shape.js";
import { daysTouched } from "../time/day.js";

/**
 * Shows the selected event.
 * @param {object} options
 * @param {Store} options.store
 * @param {Pick<Api, "item">} options.api
 * @param {Set<string>} options.named the parameters in the URL; they are not changed
 */
export async function locateSelected({ store, api, named }) {
  const { selected } = store.get();
  if (!selected || (named.has("at") && (named.has("from") || named.has("to")))) return;
  /** @type {EventFeature} */
  let event;
  try {
    event = await api.item(selected);
  } catch {
    return; // the card shows the error
  }
  const { window, view } = store.get();
  const days = daysTouched(event.properties.happened_from, event.properties.happened_to);
  const [longitude, latitude] = middleOf(event.geometry);
  const seen = days.from < window.to && days.to > window.from;
  store.set({
    ...(!named.has("at") && { view: { ...view, longitude, latitude } }),
    ...(!named.has("from") && !named.has("to") && !seen && { window: weekAround(days) }),
  });
}

const WEEK = 7;

/**
 * Returns a window around the given days.
 * @param {{ from: number, to: number }} days
 * @returns {{ from: number, to: number }} at least a week
 */
function weekAround({ from, to }) {
  const more = Math.max(0, WEEK - (to - from));
  return { from: from - Math.ceil(more / 2), to: to + Math.floor(more / 2) };
}
