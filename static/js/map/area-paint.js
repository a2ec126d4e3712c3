/**
 * Paints the control areas on the map's canvas.
 *
 * @import { Frame } from "./canvas-layer.js"
 * @import { AreaShapes } from "./area-shapes.js"
 * @import { AreaStyle } from "../lib/area-style.js"
 * @import { Outline } from "./outlines.js"
 */
import {
  BESIDE_EDGE,
  CHANGES,
  FADED_LOOKS,
  FADED_SECOND_LINE,
  LOOKS,
  SECOND_LINE,
  fillArea,
  setEdge,
} from "../lib/area-style.js";
import { strokeLines, traceRings } from "./trace.js";

/**
 * Styles of held areas, including those held before the first day.
 * @type {readonly AreaStyle[]}
 */
const HELD = ["occupied", "held_before"];

/**
 * Paints the areas from top to bottom, each below what is already on the canvas. The front line,
 * and thinly the rest of the edge of held areas, is stroked first, and its part inside is erased. Otherwise neighbours with slightly
 * different corners would show a false front line between them.
 *
 * @param {CanvasRenderingContext2D} context in CSS pixels; the canvas is clear
 * @param {AreaShapes} shapes
 * @param {Frame} frame
 * @param {(property: string) => string} read
 * @param {{ isOld?: boolean }} [how] isOld: paint them as an old assessment
 */
export function paintAreas(context, { byStyle, front, beside }, frame, read, { isOld = false } = {}) {
  const looks = isOld ? FADED_LOOKS : LOOKS;
  /** Adds the rings of a style to the path. @param {AreaStyle} style */
  const traceStyle = (style) => {
    context.beginPath();
    traceRings(context, byStyle.get(style)?.fills ?? [], frame);
  };
  context.save();
  const dashed = looks.occupied.dash.length > 0;
  setEdge(context, { ...looks.occupied, edge: 2 * looks.occupied.edge }, read);
  strokeLines(context, front, frame, { dashed });
  setEdge(context, { ...looks.occupied, edge: 2 * BESIDE_EDGE }, read);
  strokeLines(context, beside, frame, { dashed });
  context.globalAlpha = 1;
  context.globalCompositeOperation = "destination-out";
  context.fillStyle = "#000";
  for (const style of HELD) {
    traceStyle(style);
    context.fill("evenodd");
  }
  context.globalCompositeOperation = "destination-over";
  const styles = /** @type {AreaStyle[]} */ (Object.keys(looks)).filter((style) => byStyle.has(style));
  for (const style of styles.toReversed()) {
    if (!HELD.includes(style)) {
      setEdge(context, looks[style], read);
      strokeLines(context, byStyle.get(style)?.edges ?? [], frame, { dashed: looks[style].dash.length > 0 });
    }
    traceStyle(style);
    fillArea(context, looks[style], read, frame);
  }
  context.restore();
}

/**
 * Paints another assessor's line over the areas of the first; coast and border are thin.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Pick<AreaShapes, "front" | "beside">} line
 * @param {Frame} frame
 * @param {(property: string) => string} read
 * @param {{ isOld?: boolean }} [how] isOld: paint it as an old assessment
 */
export function paintSecondLine(context, line, frame, read, { isOld = false } = {}) {
  const look = isOld ? FADED_SECOND_LINE : SECOND_LINE;
  setEdge(context, look, read);
  strokeLines(context, line.front, frame, { dashed: true });
  setEdge(context, { ...look, edge: BESIDE_EDGE }, read);
  strokeLines(context, line.beside, frame, { dashed: true });
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * Paints the gained and lost areas of a comparison.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Record<"gained" | "lost", readonly Outline[]>} changed rings
 * @param {Frame} frame
 * @param {(property: string) => string} read
 */
export function paintChange(context, changed, frame, read) {
  for (const kind of /** @type {const} */ (["gained", "lost"])) {
    context.beginPath();
    traceRings(context, changed[kind], frame);
    fillArea(context, CHANGES[kind], read, frame);
    setEdge(context, CHANGES[kind], read);
    strokeLines(context, changed[kind], frame, { closed: true });
  }
}
