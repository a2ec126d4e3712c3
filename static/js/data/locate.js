/**
 * A link that names an event and nothing else still shows it: the map goes to its place, the window
 * to its days.
 *
 * @import { EventFeature, Store } from "../types.js"
 * @import { Api } from "./api.js"
 */
import { middleOf } from "../lib/shape.js";
import { daysTouched } from "../time/day.js";

/**
 * @param {object} options
 * @param {Store} options.store
 * @param {Pick<Api, "item">} options.api
 * @param {Set<string>} options.named the parameters that the address gave: what it says is kept
 */
export async function locateSelected({ store, api, named }) {
  const { selected } = store.get();
  if (!selected || (named.has("at") && (named.has("from") || named.has("to")))) return;
  /** @type {EventFeature} */
  let event;
  try {
    event = await api.item(selected);
  } catch {
    return; // the card says why
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
 * @param {{ from: number, to: number }} days
 * @returns {{ from: number, to: number }} at least a week, with these days in it
 */
function weekAround({ from, to }) {
  const more = Math.max(0, WEEK - (to - from));
  return { from: from - Math.ceil(more / 2), to: to + Math.floor(more / 2) };
}
