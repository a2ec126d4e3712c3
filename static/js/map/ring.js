/**
 * The ring around the selected event, without its colour. Pure.
 *
 * @import { DayRange } from "../types.js"
 * @import { Frame } from "./canvas-layer.js"
 * @import { Chosen } from "./paint.js"
 */
import { mercatorX, mercatorY } from "../lib/mercator.js";

/**
 * The event to ring.
 * @typedef {Omit<Chosen, "colour" | "inWindow"> & { days: DayRange, side: string | null, actor:
 *   string | null, category: string }} Ringed
 */

/**
 * Returns whether two rings look the same. If so, a ring from the columns (precise to a metre)
 * needs no repaint when the event is loaded.
 *
 * @param {Ringed} one
 * @param {Ringed} other
 * @param {Pick<Frame, "worldPx">} frame
 */
export function looksAlike(one, other, { worldPx }) {
  if (one.geometry.type !== "Point" || other.geometry.type !== "Point") return false;
  const away = Math.max(
    Math.abs(mercatorX(one.longitude) - mercatorX(other.longitude)),
    Math.abs(mercatorY(one.latitude) - mercatorY(other.latitude)),
  );
  const rest = ({ days, precisionM, verification, side, actor, category } = one) =>
    JSON.stringify([days, precisionM, verification, side, actor, category]);
  return away * worldPx < 0.5 && rest(one) === rest(other);
}
