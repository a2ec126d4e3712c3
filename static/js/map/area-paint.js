/**
 * Paints control areas onto the map's canvas.
 *
 * @import { Frame } from "./canvas-layer.js"
 * @import { AreaShapes } from "./area-shapes.js"
 * @import { AreaStyle } from "../lib/area-style.js"
 * @import { Outline } from "./outlines.js"
 */
import { CHANGES, LOOKS, SECOND_LINE, fillArea, setEdge } from "../lib/area-style.js";
import { strokeLines, traceRings } from "./trace.js";

/** Ground that is held, whenever it was taken. @type {readonly AreaStyle[]} */
const HELD = ["occupied", "held_before"];

/**
 * Paints from the top down, each below what is there: the edge of all held ground first, of which
 * what lies inside held ground is taken away again. Neighbours that were not drawn corner by corner
 * alike would else have a front line between them.
 *
 * @param {CanvasRenderingContext2D} context in CSS pixels; the canvas is clear
 * @param {AreaShapes} shapes
 * @param {Frame} frame
 * @param {(property: string) => string} read
 */
export function paintAreas(context, { byStyle, held }, frame, read) {
  /** @param {AreaStyle} style */
  const traceStyle = (style) => {
    context.beginPath();
    traceRings(context, byStyle.get(style)?.fills ?? [], frame);
  };
  context.save();
  setEdge(context, { ...LOOKS.occupied, edge: 2 * LOOKS.occupied.edge }, read);
  strokeLines(context, held, frame);
  context.globalCompositeOperation = "destination-out";
  context.fillStyle = "#000";
  for (const style of HELD) {
    traceStyle(style);
    context.fill("evenodd");
  }
  context.globalCompositeOperation = "destination-over";
  const styles = /** @type {AreaStyle[]} */ (Object.keys(LOOKS)).filter((style) => byStyle.has(style));
  for (const style of styles.toReversed()) {
    if (!HELD.includes(style)) {
      setEdge(context, LOOKS[style], read);
      strokeLines(context, byStyle.get(style)?.edges ?? [], frame, { dashed: LOOKS[style].dash.length > 0 });
    }
    traceStyle(style);
    fillArea(context, LOOKS[style], read, frame);
  }
  context.restore();
}

/**
 * Another assessor's line, over the first one's areas.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {readonly Outline[]} line
 * @param {Frame} frame
 * @param {(property: string) => string} read
 */
export function paintSecondLine(context, line, frame, read) {
  const { colour, width, dash } = SECOND_LINE;
  setEdge(context, { colour, wash: 0, hatch: null, edge: width, dash }, read);
  strokeLines(context, line, frame, { dashed: true });
  context.setLineDash([]);
}

/**
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
