/**
 * The ring around the chosen event, before its colour is known. Pure.
 *
 * @import { DayRange } from "../types.js"
 * @import { Frame } from "./canvas-layer.js"
 * @import { Chosen } from "./paint.js"
 */
import { mercatorX, mercatorY } from "../lib/mercator.js";

/**
 * The event to ring, before its colour is known.
 * @typedef {Omit<Chosen, "colour" | "inWindow"> & { days: DayRange, side: string | null, actor:
 *   string | null, category: string }} Ringed
 */

/**
 * Whether two rings look the same: a crowd is not drawn anew for one that was drawn from the
 * columns, exact to a metre.
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
