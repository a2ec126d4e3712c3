/**
 * Reads the file of the base map, a TopoJSON built by scripts/ground.mjs, into world outlines.
 * Pure.
 *
 * @import { Outline } from "./outlines.js"
 */
import { boxed } from "./outlines.js";
import { mercatorX, mercatorY } from "../lib/mercator.js";

/**
 * @typedef {object} Ground
 * @property {Outline[]} land rings; filled by the even-odd rule
 * @property {Outline[]} coast lines that close
 * @property {Outline[]} borders lines
 * @property {Outline[]} rivers lines
 * @property {Outline[]} lakes rings
 */

/**
 * Converts the TopoJSON.
 *
 * @param {any} topology parsed JSON
 * @returns {Ground}
 */
export function readGround({ objects, arcs, transform }) {
  const [scaleX, scaleY] = transform.scale;
  const [east, north] = transform.translate;
  /** @type {[number, number][][]} degrees */
  const lines = arcs.map((/** @type {[number, number][]} */ steps) => {
    let [x, y] = [0, 0];
    return steps.map(([stepX, stepY]) => {
      x += stepX;
      y += stepY;
      return [x * scaleX + east, y * scaleY + north];
    });
  });
  /** Joins arcs. Consecutive arcs share a position. @param {number[]} indices */
  const joined = (indices) =>
    indices.flatMap((index, n) => {
      const arc = index < 0 ? (lines[~index]?.toReversed() ?? []) : (lines[index] ?? []);
      return n === 0 ? arc : arc.slice(1);
    });
  /** Converts a line to an outline. @param {number[]} line */
  const lineOf = (line) => boxed(unrolled(joined(line)));
  const land = objects.land.arcs.flat().map(lineOf);
  return {
    land: land.map(ringOf),
    coast: land,
    borders: objects.borders.arcs.map(lineOf),
    rivers: objects.rivers.arcs.map(lineOf),
    lakes: objects.lakes.arcs.flat().map(lineOf).map(ringOf),
  };
}

/**
 * Converts positions to a world path. A segment of more than half the world crosses the
 * antimeridian and continues past it.
 *
 * @param {[longitude: number, latitude: number][]} positions
 */
function unrolled(positions) {
  const path = new Float64Array(positions.length * 2);
  positions.forEach(([longitude, latitude], n) => {
    let x = mercatorX(longitude);
    if (n > 0) x -= Math.round(x - (path[2 * n - 2] ?? 0));
    path[2 * n] = x;
    path[2 * n + 1] = mercatorY(latitude);
  });
  return path;
}

/**
 * Converts a closed line to a ring. A ring around the globe encloses the South Pole, because land
 * is there.
 * @param {Outline} line
 */
function ringOf({ path, box }) {
  const [firstX = 0, lastX = 0] = [path[0], path.at(-2)];
  if (Math.abs(lastX - firstX) < 0.5) return { path: path.subarray(0, -2), box };
  return boxed(Float64Array.of(...path, lastX, 1, firstX, 1));
}
