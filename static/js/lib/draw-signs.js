/**
 * Draws the signs of events besides the mark itself: precision, lines and areas, and the selection.
 * The map and the legend draw with these functions only, so the legend shows what the map shows.
 * `ui/legend-signs.js` has a text for each sign.
 */

/**
 * What can be drawn of events. `on` tells where: on the map as marks, as cells (very many events),
 * in both cases, or in the timeline. `shapes`: only lines and areas have the sign.
 */
export const SIGNS =
  /** @satisfies {Record<string, { on: "marks" | "cells" | "both" | "timeline", shapes?: boolean }>} */ (
    /** @type {const} */ ({
      crowd: { on: "marks" },
      disc: { on: "marks" },
      unknown_place: { on: "marks" },
      doubtful_place: { on: "marks" },
      faint: { on: "marks" },
      density: { on: "cells" },
      crowd_in_cells: { on: "cells" },
      line: { on: "both", shapes: true },
      area: { on: "both", shapes: true },
      band: { on: "both", shapes: true },
      unknown_band: { on: "both", shapes: true },
      selected: { on: "both" },
      selected_outside: { on: "both" },
      bars: { on: "timeline" },
      broken_bar: { on: "timeline" },
      vague_days: { on: "timeline" },
      curve: { on: "timeline" },
    })
  );

/** @typedef {keyof typeof SIGNS} Sign */

/** Opacity of faint signs: the date is vague, or the event is refuted. */
export const FAINT = 0.5;
/** Opacity of a precision circle, and of its edge. */
const DISC = 0.07;
const DISC_EDGE = 0.3;
const FAINTEST_DISC = 0.012;
const BAND = 0.16;
const AREA = 0.12;
/** Length of the ticks across a line of unknown precision, and the space between them. Pixels. */
const TICKS_PX = 9;
const TICK_DASH = [1, 7];

/**
 * Draws a precision circle.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} x pixels
 * @param {number} y
 * @param {number} radius
 * @param {string} colour
 * @param {number} strength 1; less if there are many circles, so that their total stays constant
 */
export function drawDisc(context, x, y, radius, colour, strength) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  paintDisc(context, colour, strength);
}

/**
 * Paints the current path as a precision circle.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} strength
 */
export function paintDisc(context, colour, strength) {
  context.globalAlpha = Math.max(FAINTEST_DISC, DISC * strength);
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = Math.max(2 * FAINTEST_DISC, DISC_EDGE * strength);
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * Paints the current path as a line or an area.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {object} shape
 * @param {string} shape.colour
 * @param {string} shape.verification
 * @param {boolean} shape.isArea
 * @param {boolean} shape.isFaint
 * @param {number | null} shape.bandPx precision, pixels; null: not known
 */
export function paintShape(context, { colour, verification, isArea, isFaint, bandPx }) {
  const strength = isFaint ? FAINT : 1;
  context.save();
  context.lineJoin = "round";
  context.lineCap = "round";
  context.strokeStyle = colour;
  context.fillStyle = colour;
  if (isArea) {
    context.globalAlpha = AREA * strength;
    context.fill("evenodd");
  }
  paintBand(context, bandPx, BAND * strength);
  context.globalAlpha = strength;
  context.lineCap = "butt";
  if (bandPx === null) {
    context.lineWidth = TICKS_PX;
    context.setLineDash(TICK_DASH);
    context.stroke();
  }
  context.lineWidth = 2.5;
  context.setLineDash(dashes(verification));
  context.stroke();
  context.restore();
}

/**
 * Paints the precision of a line or an area, whose path is the current one.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number | null} bandPx
 * @param {number} opacity
 */
export function paintBand(context, bandPx, opacity) {
  if (bandPx === null || bandPx <= 1) return;
  context.globalAlpha = opacity;
  context.lineWidth = 2 * bandPx;
  context.stroke();
}

/**
 * Paints the current path as the outline of the selected event.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {string} ink
 * @param {number[]} dash
 */
export function paintSelection(context, ink, dash) {
  context.setLineDash(dash);
  context.strokeStyle = ink;
  context.lineWidth = 2;
  context.stroke();
}

/** Dash pattern of the ring around a selected event that is outside the period. */
export const OUTSIDE_DASH = [3, 3];
/** Distance of the ring around the selected event from its mark. Pixels. */
export const SELECTION_GAP = 8;

/**
 * Returns the dash pattern of a line or an area.
 * @param {string} verification
 */
export function dashes(verification) {
  switch (verification) {
    case "reported":
      return [2, 5];
    case "disputed":
      return [9, 4, 2, 4];
    case "refuted":
      return [1, 8];
    default:
      return [9, 5];
  }
}
