/**
 * The days that the page shows. Everything that names or counts them reads this, so that no two parts
 * disagree while the map follows the slider or playback.
 *
 * @import { DayRange, State } from "../types.js"
 */

/**
 * Returns the days that the map has drawn; before its first picture, the chosen ones.
 *
 * @param {Pick<State, "shown" | "window">} state
 * @returns {DayRange}
 */
export const shownDays = ({ shown, window }) => shown ?? window;
