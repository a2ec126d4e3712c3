/**
 * Paints a scene: areas and lines at the bottom, then the precision circles, then the marks, then
 * the selected event.
 *
 * @import { EventColumns } from "../types.js"
 * @import { Frame } from "./canvas-layer.js"
 * @import { Cells } from "./density.js"
 * @import { Palette } from "./palette.js"
 * @import { Drawn, Scene } from "./scene.js"
 */
import { latitudeOf } from "../lib/grid.js";
import { paths } from "../lib/shape.js";
import { MANY, createBlitter } from "./blit.js";
import { createStamps, crowdLevel, markRadius } from "./marks.js";
import { drawMark } from "../lib/draw-mark.js";
import { discRing, mercatorX, mercatorY, metresToPixels } from "../lib/mercator.js";

/** A precision circle is drawn if its radius exceeds the mark's by this, in pixels. */
const SMALLEST_DISC_PX = 6;
/** Number of circles from which each is fainter, so that their total opacity stays constant. */
const CLEAR_DISCS = 12;
const FAINTEST = 0.012;

/**
 * The event of the open card.
 * @typedef {object} Chosen
 * @property {number} longitude
 * @property {number} latitude
 * @property {number | null} precisionM
 * @property {import("geojson").Geometry} geometry
 * @property {string} colour "#rrggbb"
 * @property {string} verification
 * @property {boolean} inWindow false: the window does not contain the event; only a ring is drawn
 */

/**
 * Creates the painter of an edition of the events.
 *
 * @param {EventColumns} columns
 * @param {Palette} palette
 */
export function createPainter(columns, palette) {
  const { colours, ink, paper } = palette;
  const verifications = columns.verifications;
  const refuted = verifications.indexOf("refuted");
  const rough = new Set(["month", "year"].map((word) => columns.timePrecisions.indexOf(word)));
  /** @type {{ key: string, stamps: ReturnType<typeof createStamps> } | null} */
  let cached = null;

  /** @type {ReturnType<typeof createBlitter> | null} */
  let blitter = null;

  /** Returns the stamps for a frame. @param {Frame} frame */
  function stampsFor({ zoom, scale }) {
    const radius = markRadius(zoom);
    const key = `${radius} ${scale}`;
    if (cached?.key !== key) {
      cached = { key, stamps: createStamps({ colours, verifications, ink, paper, radius, scale }) };
    }
    return cached.stamps;
  }

  /**
   * Returns whether a row is drawn faint: its date is vague or it is refuted.
   *
   * @param {number} row
   */
  const isFaint = (row) => rough.has(at(columns.timePrecision, row)) || at(columns.verification, row) === refuted;
  /** Returns the colour of a row. @param {number} row */
  const colourOf = (row) => colours[palette.of(row)] ?? ink;

  /** Paints a line or an area. @param {CanvasRenderingContext2D} context @param {Drawn} shape */
  function shape(context, { row, paths: lines, closed, bandPx }) {
    context.save();
    context.lineJoin = "round";
    context.lineCap = "round";
    context.strokeStyle = colourOf(row);
    context.fillStyle = colourOf(row);
    const strength = isFaint(row) ? 0.5 : 1;
    trace(context, lines, closed);
    if (closed) {
      context.globalAlpha = 0.12 * strength;
      context.fill("evenodd");
    }
    if (bandPx > 1) {
      context.globalAlpha = 0.16 * strength;
      context.lineWidth = 2 * bandPx;
      context.stroke();
    }
    context.globalAlpha = strength;
    context.lineCap = "butt";
    context.lineWidth = 2.5;
    context.setLineDash(dashes(verifications[at(columns.verification, row)] ?? ""));
    context.stroke();
    context.restore();
  }

  /**
   * Paints the precision circles.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Scene} scene
   * @param {Frame} frame
   */
  function discs(context, { marks }, { zoom }) {
    const radius = markRadius(zoom);
    const widest = Math.hypot(context.canvas.width, context.canvas.height);
    const found = [];
    for (let n = 0; n < marks.count; n++) {
      const row = at(marks.row, n);
      const precisionM = at(columns.precisionM, row);
      if (precisionM <= 0) continue;
      const reach = metresToPixels(precisionM, latitudeOf(at(columns.y, row)), zoom);
      if (reach > radius + SMALLEST_DISC_PX && reach < widest) found.push({ n, reach, row });
    }
    const strength = Math.min(1, CLEAR_DISCS / Math.max(1, found.length));
    for (const { n, reach, row } of found) {
      context.beginPath();
      context.arc(at(marks.x, n), at(marks.y, n), reach, 0, 2 * Math.PI);
      context.fillStyle = colourOf(row);
      context.globalAlpha = Math.max(FAINTEST, 0.06 * strength);
      context.fill();
    }
    context.globalAlpha = 1;
  }

  /**
   * Paints the marks.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Scene} scene
   * @param {Frame} frame
   */
  function stamp(context, { marks }, frame) {
    const stamps = stampsFor(frame);
    const { scale } = frame;
    const many = marks.count > MANY ? (blitter ??= createBlitter()) : null;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    many?.begin(frame);
    for (let n = 0; n < marks.count; n++) {
      const row = at(marks.row, n);
      const level = crowdLevel(at(marks.crowd, n));
      const picture = stamps.get(palette.of(row), at(columns.verification, row), level, isFaint(row));
      const left = Math.round(at(marks.x, n) * scale) - stamps.half;
      const top = Math.round(at(marks.y, n) * scale) - stamps.half;
      if (many) many.stamp(picture, left, top);
      else context.drawImage(picture, left, top);
    }
    many?.end(context);
    context.restore();
  }

  /** @type {HTMLCanvasElement | null} */
  let sheet = null;
  /**
   * The cells on the canvas, if it has nothing else. Then only changed cells are painted.
   * @type {ImageData | null}
   */
  let shown = null;

  /**
   * Paints the cells.
   *
   * @param {CanvasRenderingContext2D} context in CSS pixels
   * @param {Cells} cells
   * @param {Frame} frame
   */
  function putCells(context, { picture, cellPx, top, lefts, dirty }, { width, height, scale }) {
    const { width: across, height: down } = picture;
    if (scale === 1 && cellPx === 1 && lefts.length === 1) {
      // One cell is one pixel. The picture is larger than the canvas and replaces all of it.
      const part = shown === picture ? dirty : { left: 0, top: 0, right: across, bottom: down };
      const { left, right } = part;
      context.putImageData(picture, at(lefts, 0), top, left, part.top, right - left, part.bottom - part.top);
      shown = picture;
      return;
    }
    shown = null;
    sheet ??= document.createElement("canvas");
    const onSheet = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d"));
    if (sheet.width !== across || sheet.height !== down) {
      sheet.width = across;
      sheet.height = down;
    }
    onSheet.putImageData(picture, 0, 0);
    context.clearRect(0, 0, width, height);
    for (const left of lefts) context.drawImage(sheet, left, top, across * cellPx, down * cellPx);
  }

  return {
    /**
     * Paints very many events as cells.
     *
     * @param {CanvasRenderingContext2D} context in CSS pixels, with its previous content
     * @param {Cells} cells
     * @param {Scene["shapes"]} shapes
     * @param {Frame} frame
     * @param {Chosen | null} chosen
     */
    paintCells(context, cells, shapes, frame, chosen) {
      putCells(context, cells, frame);
      if (chosen?.inWindow) drawReach(context, chosen, frame);
      for (const drawn of shapes) shape(context, drawn);
      if (chosen) drawChosen(context, chosen, frame, palette);
      if (shapes.length > 0 || chosen) shown = null;
    },

    /**
     * Paints a scene.
     *
     * @param {CanvasRenderingContext2D} context in CSS pixels, with its previous content
     * @param {Scene} scene
     * @param {Frame} frame
     * @param {Chosen | null} chosen
     */
    paint(context, scene, frame, chosen) {
      shown = null;
      context.clearRect(0, 0, frame.width, frame.height);
      for (const drawn of scene.shapes) shape(context, drawn);
      discs(context, scene, frame);
      if (chosen?.inWindow) drawReach(context, chosen, frame);
      stamp(context, scene, frame);
      if (chosen) drawChosen(context, chosen, frame, palette);
    },
    /** @param {number} row */
    colourOf,
  };
}

/**
 * Draws the precision of the selected event: a circle on the globe, or a wider band.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Chosen} chosen
 * @param {Frame} frame
 */
function drawReach(context, { longitude, latitude, precisionM, geometry, colour }, frame) {
  if (!precisionM) return;
  context.save();
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.globalAlpha = 0.15;
  if (geometry.type === "Point") {
    const lines = [onCanvas(discRing(longitude, latitude, precisionM), frame)];
    trace(context, lines, true);
    context.fill();
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    context.stroke();
  } else {
    context.lineJoin = "round";
    context.lineCap = "round";
    context.lineWidth = 2 * metresToPixels(precisionM, latitude, frame.zoom);
    trace(
      context,
      paths(geometry).map((path) => onCanvas(path, frame)),
      geometry.type.endsWith("Polygon"),
    );
    context.stroke();
  }
  context.restore();
}

/**
 * Draws the selected event with a ring. A line or an area has an outline instead.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Chosen} chosen
 * @param {Frame} frame
 * @param {{ ink: string, paper: string }} colours
 */
function drawChosen(context, { longitude, latitude, geometry, colour, verification, inWindow }, frame, { ink, paper }) {
  context.save();
  if (geometry.type === "Point") {
    const radius = Math.max(4, markRadius(frame.zoom));
    const spot = onCanvas([[longitude, latitude]], frame);
    context.translate(at(spot, 0), at(spot, 1));
    if (inWindow) drawMark(context, { verification, colour, paper, radius });
    else context.setLineDash([3, 3]);
    context.beginPath();
    context.arc(0, 0, radius + 5, 0, 2 * Math.PI);
  } else {
    context.lineJoin = "round";
    trace(
      context,
      paths(geometry).map((path) => onCanvas(path, frame)),
      geometry.type.endsWith("Polygon"),
    );
    context.setLineDash(dashes(verification));
  }
  context.strokeStyle = ink;
  context.lineWidth = 2;
  context.stroke();
  context.restore();
}

/**
 * Converts positions to pixels of the canvas, using the copy of the world nearest to its centre.
 *
 * @param {import("geojson").Position[]} positions
 * @param {Frame} frame
 */
function onCanvas(positions, { worldPx, left, top, width }) {
  const line = new Float32Array(positions.length * 2);
  const first = mercatorX(positions[0]?.[0] ?? 0) * worldPx - left;
  const shift = Math.round((width / 2 - first) / worldPx) * worldPx;
  positions.forEach(([longitude = NaN, latitude = NaN], n) => {
    line[2 * n] = mercatorX(longitude) * worldPx - left + shift;
    line[2 * n + 1] = mercatorY(latitude) * worldPx - top;
  });
  return line;
}

/**
 * Adds lines to the path.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array[]} lines
 * @param {boolean} closed
 */
function trace(context, lines, closed) {
  context.beginPath();
  for (const line of lines) {
    for (let n = 0; n < line.length; n += 2) {
      if (n === 0) context.moveTo(at(line, 0), at(line, 1));
      else context.lineTo(at(line, n), at(line, n + 1));
    }
    if (closed) context.closePath();
  }
}

/**
 * Returns the dash pattern of a verification.
 * @param {string} verification
 */
function dashes(verification) {
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

/** @param {ArrayLike<number>} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
