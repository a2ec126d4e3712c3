/**
 * Styles of the control areas, for the map and the legend. Areas differ in pattern as well as in
 * colour. Old assessments have styles of their own.
 *
 * @import { AreaStatus } from "../types.js"
 */

/** @typedef {AreaStatus | "held_before"} AreaStyle */

/**
 * @typedef {object} Look
 * @property {string} colour a custom property
 * @property {number} wash opacity of the fill, 0 to 1
 * @property {Hatch | null} hatch
 * @property {number} edge width, pixels
 * @property {number[]} dash of the edge
 * @property {number} [strength] opacity of the edge; 1 if missing
 */

/**
 * @typedef {{ direction: "rising" | "falling" | "level", colour: string, strength: number }} Hatch
 */

/** The styles in drawing order, lowest first. @type {Readonly<Record<AreaStyle, Look>>} */
export const LOOKS = Object.freeze({
  claimed: { colour: "--front", wash: 0, hatch: null, edge: 2, dash: [1.5, 4] },
  gray_zone: {
    colour: "--hatch",
    wash: 0.08,
    hatch: { direction: "rising", colour: "--hatch", strength: 0.75 },
    edge: 1,
    dash: [],
  },
  advance: { colour: "--front", wash: 0.08, hatch: null, edge: 1.5, dash: [7, 4] },
  counteroffensive: {
    colour: "--liberated",
    wash: 0.06,
    hatch: { direction: "falling", colour: "--liberated", strength: 0.6 },
    edge: 1.5,
    dash: [7, 4],
  },
  liberated: {
    colour: "--liberated",
    wash: 0.1,
    hatch: { direction: "level", colour: "--liberated", strength: 0.3 },
    edge: 1,
    dash: [],
  },
  held_before: { colour: "--front", wash: 0.1, hatch: null, edge: 2, dash: [] },
  occupied: { colour: "--front", wash: 0.17, hatch: null, edge: 2, dash: [] },
});

/**
 * Styles of areas that changed hands between two days.
 * @type {Readonly<Record<"gained" | "lost", Look>>}
 */
export const CHANGES = Object.freeze({
  gained: { colour: "--front", wash: 0.6, hatch: null, edge: 1.5, dash: [] },
  lost: {
    colour: "--liberated",
    wash: 0.35,
    hatch: { direction: "falling", colour: "--liberated", strength: 1 },
    edge: 1.5,
    dash: [],
  },
});

/** Width of coasts, outer borders and seams, which are no front line, pixels. */
export const BESIDE_EDGE = 0.75;

/** Those edges, for the legend. @type {Readonly<Look>} */
const THIN_EDGE = Object.freeze({ colour: "--front", wash: 0, hatch: null, edge: BESIDE_EDGE, dash: [] });

/** The line of another assessor. @type {Readonly<Look>} */
export const SECOND_LINE = Object.freeze({ colour: "--second-line", wash: 0, hatch: null, edge: 2, dash: [9, 4] });

/**
 * Factors of the styles of old assessments. With this strength, edges keep a contrast of 3:1 with the
 * base map.
 */
const FADED = { wash: 0.3, hatch: 0.5, edge: 0.65 };
/**
 * Edges of old assessments: dashes and dots, so that no old line looks like a current one. Edges that
 * are dotted anyway have wider gaps.
 */
const FADED_DASH = [7, 3.5, 1.5, 3.5];
const FADED_DOTS = [1.5, 8];
export const FADED_STRENGTH = 0.78;
/**
 * Returns the style of old ground that is held: a hatch in place of the wash.
 * @param {Readonly<Look>} look
 * @param {number} strength of the hatch
 * @returns {Look}
 */
const fadedHeld = (look, strength) => ({
  ...faded(look),
  wash: 0,
  hatch: { direction: "falling", colour: look.colour, strength },
});

/** Returns whether an edge is drawn as dots. @param {number[]} dash */
const isDotted = ([length = 0]) => length > 0 && length < 2;

/** Returns the style of an old assessment. @param {Readonly<Look>} look @returns {Look} */
const faded = (look) => ({
  ...look,
  wash: look.wash * FADED.wash,
  hatch: look.hatch && { ...look.hatch, strength: look.hatch.strength * FADED.hatch },
  edge: look.edge * FADED.edge,
  dash: isDotted(look.dash) ? FADED_DOTS : FADED_DASH,
  strength: FADED_STRENGTH,
});

/** The styles of old assessments. @type {typeof LOOKS} */
export const FADED_LOOKS = Object.freeze({
  claimed: faded(LOOKS.claimed),
  gray_zone: faded(LOOKS.gray_zone),
  advance: faded(LOOKS.advance),
  counteroffensive: faded(LOOKS.counteroffensive),
  liberated: faded(LOOKS.liberated),
  held_before: fadedHeld(LOOKS.held_before, 0.22),
  occupied: fadedHeld(LOOKS.occupied, 0.4),
});
export const FADED_SECOND_LINE = Object.freeze(faded(SECOND_LINE));
const FADED_THIN_EDGE = Object.freeze({ ...faded(THIN_EDGE), edge: BESIDE_EDGE });

/** Pixels between the lines of a hatch. */
const HATCH_PX = 8;

/** @type {Map<string, HTMLCanvasElement>} */
const tiles = new Map();

/**
 * Returns the tile of a hatch pattern. Tiles are cached.
 * @param {Hatch["direction"]} direction
 * @param {string} colour
 * @param {number} scale
 */
function hatchTile(direction, colour, scale) {
  const key = `${direction} ${colour} ${scale}`;
  let tile = tiles.get(key);
  if (!tile) {
    const side = Math.round(HATCH_PX * scale);
    tile = document.createElement("canvas");
    tile.width = tile.height = side;
    const context = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
    context.strokeStyle = colour;
    context.lineWidth = scale;
    context.beginPath();
    // Lines continue past the edges, so that adjacent tiles join.
    for (const shift of [-side, 0, side]) {
      const [from, to] = { rising: [side, 0], falling: [0, side], level: [side / 2, side / 2] }[direction];
      context.moveTo(-side, (from ?? 0) + ((from ?? 0) - (to ?? 0)) + shift);
      context.lineTo(2 * side, (to ?? 0) + ((to ?? 0) - (from ?? 0)) + shift);
    }
    context.stroke();
    tiles.set(key, tile);
  }
  return tile;
}

/**
 * Fills the current path of a context.
 *
 * @param {CanvasRenderingContext2D} context in CSS pixels
 * @param {Look} look
 * @param {(property: string) => string} read returns the value of a custom property
 * @param {{ left: number, top: number, scale: number }} place offset of the context in the world;
 *   it fixes the hatch to the ground while the map is dragged
 */
export function fillArea(context, { colour, wash, hatch }, read, { left, top, scale }) {
  if (wash > 0) {
    context.globalAlpha = wash;
    context.fillStyle = read(colour);
    context.fill("evenodd");
  }
  if (hatch) {
    const pattern = context.createPattern(hatchTile(hatch.direction, read(hatch.colour), scale), "repeat");
    if (pattern) {
      const side = Math.round(HATCH_PX * scale);
      const shift = (/** @type {number} */ value) => -((((value * scale) % side) + side) % side) / scale;
      pattern.setTransform(new DOMMatrix([1 / scale, 0, 0, 1 / scale, shift(left), shift(top)]));
      context.globalAlpha = hatch.strength;
      context.fillStyle = pattern;
      context.fill("evenodd");
    }
  }
  context.globalAlpha = 1;
}

/**
 * Sets the stroke style of an area's edge.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Look} look
 * @param {(property: string) => string} read
 */
export function setEdge(context, { colour, edge, dash, strength = 1 }, read) {
  context.globalAlpha = strength;
  context.strokeStyle = read(colour);
  context.lineWidth = edge;
  context.lineJoin = "round";
  context.lineCap = isDotted(dash) ? "round" : "butt";
  context.setLineDash(dash);
}

/**
 * Draws a sample for the legend: a small rectangle with its edge, or a line. `isFaded`: as in an old
 * assessment.
 *
 * @param {CanvasRenderingContext2D} context in CSS pixels
 * @param {AreaStyle | "gained" | "lost" | "second_line" | "thin_edge"} what
 * @param {{ width: number, height: number, scale: number, isFaded: boolean }} how size in pixels
 * @param {(property: string) => string} read
 */
export function paintSample(context, what, { width, height, scale, isFaded }, read) {
  context.beginPath();
  if (what === "second_line" || what === "thin_edge") {
    const [current, old] = what === "thin_edge" ? [THIN_EDGE, FADED_THIN_EDGE] : [SECOND_LINE, FADED_SECOND_LINE];
    const line = isFaded ? old : current;
    setEdge(context, line, read);
    context.moveTo(0, height / 2);
    context.lineTo(width, height / 2);
  } else {
    const look = what === "gained" || what === "lost" ? CHANGES[what] : (isFaded ? FADED_LOOKS : LOOKS)[what];
    context.rect(1, 1, width - 2, height - 2);
    fillArea(context, look, read, { left: 0, top: 0, scale });
    setEdge(context, look, read);
  }
  context.stroke();
  context.globalAlpha = 1;
}
