/**
 * Builds the background map as one small topology. Pure.
 *
 * @typedef {{ west: number, south: number, east: number, north: number }} Box degrees
 */
import { feature, mergeArcs } from "topojson-client";
import { decodeArc } from "./countries.mjs";
import { simplifyLine } from "./simplify.mjs";

/** Within this margin around the extent nothing is left out, degrees. */
const MARGIN = 1.5;
/** Within this margin around the extent rivers and lakes are drawn, degrees. */
const WATER_MARGIN = 12;
/**
 * Beyond MARGIN the tolerance of simplification is this share of the distance, up to COARSEST
 * degrees.
 */
const COARSENS = 0.012;
const COARSEST = 0.25;
/**
 * Beyond MARGIN islands are left out if their area is less than this times the squared tolerance.
 */
const ISLAND = 6;
/** Integer units per degree: finer than the accuracy of the data. */
const UNITS = 1000;

/**
 * @param {any} topology with `objects.countries`, after the theatre's moves
 * @param {any} waters a topology with `rivers` and `lakes`
 * @param {Box} extent of the theatre
 * @returns {any} TopoJSON: `land`, `borders`, `rivers`, `lakes`, and `countries` of the
 *   world
 */
export function describeGround(topology, waters, extent) {
  const countries = topology.objects.countries.geometries;
  const near = expandBox(extent, MARGIN);
  const tolerance = (/** @type {number[]} */ position) => Math.min(COARSEST, COARSENS * distanceTo(near, position));

  /** @type {number[][][]} delta-encoded */
  const arcs = [];
  const add = (/** @type {number[][]} */ line) => arcs.push(encoded(line)) - 1;
  /** @type {Map<number, number>} index of a source arc -> index in `arcs` */
  const newIndexOf = new Map();
  /** @param {number} index of the source; ~index is the reversed arc */
  const copyArc = (index) => {
    const source = index < 0 ? ~index : index;
    let at = newIndexOf.get(source);
    if (at === undefined) {
      at = add(simplifyLine(decodeArc(topology, source), tolerance));
      newIndexOf.set(source, at);
    }
    return index < 0 ? ~at : at;
  };
  /** @param {number[][]} polygon */
  const isLargeEnough = ([shell = []]) => {
    if (shell.length > 1) return true;
    const ring = decodeArc(topology, shell[0] < 0 ? ~shell[0] : shell[0]);
    return areaOf(ring) > ISLAND * tolerance(ring[0]) ** 2;
  };
  /** @param {number[][][]} polygons */
  const copyPolygons = (polygons) =>
    polygons.filter(isLargeEnough).map((polygon) => polygon.map((ring) => ring.map(copyArc)));
  const land = copyPolygons(mergeArcs(topology, countries).arcs);
  const borders = bordersOf(countries).map((index) => [copyArc(index)]);
  const allCountries = countries
    .map((/** @type {any} */ { id, properties, arcs: polygons }) => ({
      type: "MultiPolygon",
      id,
      properties,
      arcs: copyPolygons(polygons),
    }))
    .filter((/** @type {any} */ country) => country.arcs.length > 0);

  const waterBox = expandBox(extent, WATER_MARGIN);
  const isNearWater = (/** @type {number[][]} */ line) => line.some((position) => distanceTo(waterBox, position) === 0);
  const rivers = featuresOf(waters, "rivers", "LineString").filter(isNearWater);
  const lakes = featuresOf(waters, "lakes", "Polygon").filter(([shell]) => isNearWater(shell));

  return {
    type: "Topology",
    transform: { scale: [1 / UNITS, 1 / UNITS], translate: [0, 0] },
    objects: {
      land: { type: "MultiPolygon", arcs: land },
      borders: { type: "MultiLineString", arcs: borders },
      rivers: { type: "MultiLineString", arcs: rivers.map((line) => [add(line)]) },
      lakes: { type: "MultiPolygon", arcs: lakes.map((polygon) => polygon.map((ring) => [add(ring)])) },
      countries: { type: "GeometryCollection", geometries: allCountries },
    },
    arcs,
  };
}

/** Returns the arcs that two countries share. @param {any[]} countries @returns {number[]} */
function bordersOf(countries) {
  /** @type {Map<number, Set<any>>} */
  const users = new Map();
  for (const country of countries) {
    for (const index of country.arcs.flat(2)) {
      const arc = index < 0 ? ~index : index;
      const known = users.get(arc);
      if (known) known.add(country);
      else users.set(arc, new Set([country]));
    }
  }
  return [...users].filter(([, itsUsers]) => itsUsers.size > 1).map(([arc]) => arc);
}

/**
 * Returns the coordinates of an object's lines or polygons; multi-geometries are split.
 *
 * @param {any} topology
 * @param {string} name
 * @param {"LineString" | "Polygon"} kind
 * @returns {any[]}
 */
function featuresOf(topology, name, kind) {
  return feature(topology, topology.objects[name]).features.flatMap(({ geometry }) =>
    geometry.type === kind ? [geometry.coordinates] : geometry.type === `Multi${kind}` ? geometry.coordinates : [],
  );
}

/** @param {Box} box @param {number} margin @returns {Box} */
function expandBox({ west, south, east, north }, margin) {
  return { west: west - margin, south: south - margin, east: east + margin, north: north + margin };
}

/**
 * Returns the distance of a position from a box, degrees; 0 inside.
 * @param {Box} box
 * @param {number[]} position
 */
function distanceTo({ west, south, east, north }, [x, y]) {
  return Math.hypot(Math.max(west - x, 0, x - east), Math.max(south - y, 0, y - north));
}

/** @param {number[][]} ring @returns {number} square degrees */
function areaOf(ring) {
  let sum = 0;
  ring.forEach(([x, y], n) => {
    const [nextX, nextY] = ring[(n + 1) % ring.length];
    sum += x * nextY - nextX * y;
  });
  return Math.abs(sum / 2);
}

/** Whole units, each position as the step from the one before it. @param {number[][]} line */
function encoded(line) {
  let [lastX, lastY] = [0, 0];
  /** @type {number[][]} */
  const steps = [];
  line.forEach(([longitude, latitude], n) => {
    const [x, y] = [Math.round(longitude * UNITS), Math.round(latitude * UNITS)];
    const isEnd = n === line.length - 1;
    if (n === 0 || isEnd || x !== lastX || y !== lastY) steps.push([x - lastX, y - lastY]);
    [lastX, lastY] = [x, y];
  });
  return steps;
}
