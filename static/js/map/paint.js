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
import { Lru } from "../lib/lru.js";
import { paths } from "../lib/shape.js";
import { areMany, createBlitter } from "./blit.js";
import { createStamps, markRadius } from "./marks.js";
import { crowdLevel, drawMark } from "../lib/draw-mark.js";
import {
  OUTSIDE_DASH,
  SELECTION_GAP,
  dashes,
  drawDisc,
  paintBand,
  paintDisc,
  paintSelection,
  paintShape,
} from "../lib/draw-signs.js";
import { discRing, mercatorX, mercatorY, metresToPixels } from "../lib/mercator.js";

/** A precision circle is drawn if its radius exceeds the mark's by this, in pixels. */
const SMALLEST_DISC_PX = 6;
/** Number of circles from which each is fainter, so that their total opacity stays constant. */
const CLEAR_DISCS = 12;
/** Strength of the selected event's circle, and opacity of its band. */
const SELECTED_DISC = 2;
const SELECTED_BAND = 0.15;

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
  /**
   * The stamps by size and scale: those of the last view, coarse and fine.
   * @type {Lru<string, ReturnType<typeof createStamps>>}
   */
  const cached = new Lru(2);

  /** @type {ReturnType<typeof createBlitter> | null} */
  let blitter = null;

  /** Returns the stamps for a frame. @param {Frame} frame */
  function stampsFor({ zoom, scale }) {
    const radius = markRadius(zoom);
    const key = `${radius} ${scale}`;
    let stamps = cached.get(key);
    if (!stamps) cached.set(key, (stamps = createStamps({ colours, verifications, ink, paper, radius, scale })));
    return stamps;
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
    trace(context, lines, closed);
    const verification = verifications[at(columns.verification, row)] ?? "";
    paintShape(context, {
      colour: colourOf(row),
      verification,
      isArea: closed,
      isFaint: isFaint(row),
      bandPx,
    });
  }

  /**
   * Paints the precision circles that are larger than a mark.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Scene} scene
   * @param {Frame} frame
   */
  function paintDiscs(context, { discs }, { zoom }) {
    const least = markRadius(zoom) + SMALLEST_DISC_PX;
    let drawn = 0;
    for (let n = 0; n < discs.count; n++) if (at(discs.reach, n) > least) drawn++;
    const strength = drawn > CLEAR_DISCS ? CLEAR_DISCS / drawn : 1;
    for (let n = 0; n < discs.count; n++) {
      const reach = at(discs.reach, n);
      if (reach > least) drawDisc(context, at(discs.x, n), at(discs.y, n), reach, colourOf(at(discs.row, n)), strength);
    }
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
    const { width, height, scale } = frame;
    const many = areMany(marks.count, width * height * scale ** 2) ? (blitter ??= createBlitter()) : null;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    many?.begin(frame);
    for (let n = 0; n < marks.count; n++) {
      const row = at(marks.row, n);
      const level = crowdLevel(at(marks.crowd, n));
      const isUnknown = at(marks.unknown, n) === 1;
      const isDoubtful = at(marks.doubtful, n) === 1;
      const verification = at(columns.verification, row);
      const picture = stamps.get(palette.of(row), verification, level, isFaint(row), isUnknown, isDoubtful);
      const half = picture.width / 2;
      const left = Math.round(at(marks.x, n) * scale) - half;
      const top = Math.round(at(marks.y, n) * scale) - half;
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
      paintDiscs(context, scene, frame);
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
  if (geometry.type === "Point") {
    trace(context, [onCanvas(discRing(longitude, latitude, precisionM), frame)], true);
    paintDisc(context, colour, SELECTED_DISC);
  } else {
    context.strokeStyle = colour;
    context.lineJoin = "round";
    context.lineCap = "round";
    trace(
      context,
      paths(geometry).map((path) => onCanvas(path, frame)),
      geometry.type.endsWith("Polygon"),
    );
    paintBand(context, metresToPixels(precisionM, latitude, frame.zoom), SELECTED_BAND);
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
function drawChosen(context, chosen, frame, { ink, paper }) {
  const { longitude, latitude, geometry, colour, verification, precisionM, inWindow } = chosen;
  context.save();
  if (geometry.type === "Point") {
    const radius = Math.max(4, markRadius(frame.zoom));
    const spot = onCanvas([[longitude, latitude]], frame);
    context.translate(at(spot, 0), at(spot, 1));
    if (inWindow) drawMark(context, { verification, colour, paper, radius, isUnknown: !precisionM });
    context.beginPath();
    context.arc(0, 0, radius + SELECTION_GAP, 0, 2 * Math.PI);
    paintSelection(context, ink, inWindow ? [] : OUTSIDE_DASH);
  } else {
    context.lineJoin = "round";
    trace(
      context,
      paths(geometry).map((path) => onCanvas(path, frame)),
      geometry.type.endsWith("Polygon"),
    );
    paintSelection(context, ink, dashes(verification));
  }
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

/** @param {ArrayLike<number>} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
