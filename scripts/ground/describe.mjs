/**
 * The ground as one small topology. Pure.
 *
 * @typedef {{ west: number, south: number, east: number, north: number }} Box degrees
 */
import { feature, mergeArcs } from "topojson-client";
import { decodeArc } from "./countries.mjs";
import { simplified } from "./simplify.mjs";

/** Beyond the extent by this much nothing is left out, degrees. */
const MARGIN = 1.5;
/** Rivers and lakes are drawn so far beyond the extent, degrees. */
const WATER_MARGIN = 12;
/** Farther out, lines become coarser by this share of the distance, up to the coarsest; degrees. */
const COARSENS = 0.012;
const COARSEST = 0.25;
/** Islands smaller than so many times their coarseness squared are left out far away. */
const ISLAND = 6;
/** Whole units in a degree: finer than what the data are exact to. */
const UNITS = 1000;

/**
 * @param {any} topology with `objects.countries`, after the theatre's moves
 * @param {any} waters a topology with `rivers` and `lakes`
 * @param {Box} extent of the theatre
 * @returns {any} TopoJSON: `land`, `borders`, `rivers`, `lakes`, and `countries`, those of the
 *   theatre
 */
export function describeGround(topology, waters, extent) {
  const countries = topology.objects.countries.geometries;
  const near = grown(extent, MARGIN);
  const coarseness = (/** @type {number[]} */ position) => Math.min(COARSEST, COARSENS * distanceTo(near, position));

  /** @type {number[][][]} delta-encoded */
  const arcs = [];
  const add = (/** @type {number[][]} */ line) => arcs.push(encoded(line)) - 1;
  /** @type {Map<number, number>} where an arc of the source went */
  const kept = new Map();
  /** @param {number} index of the source; ~index is the arc backwards */
  const keep = (index) => {
    const source = index < 0 ? ~index : index;
    let at = kept.get(source);
    if (at === undefined) {
      at = add(simplified(decodeArc(topology, source), coarseness));
      kept.set(source, at);
    }
    return index < 0 ? ~at : at;
  };
  /** @param {number[][]} polygon */
  const isSeen = ([shell = []]) => {
    if (shell.length > 1) return true;
    const ring = decodeArc(topology, shell[0] < 0 ? ~shell[0] : shell[0]);
    return areaOf(ring) > ISLAND * coarseness(ring[0]) ** 2;
  };
  /** @param {number[][][]} polygons */
  const keepPolygons = (polygons) => polygons.filter(isSeen).map((polygon) => polygon.map((ring) => ring.map(keep)));
  /** @param {number[][]} polygon */
  const isNear = ([shell = []]) =>
    shell.some((index) => decodeArc(topology, index < 0 ? ~index : index).some((at) => distanceTo(near, at) === 0));

  const land = keepPolygons(mergeArcs(topology, countries).arcs);
  const borders = bordersOf(countries).map((index) => [keep(index)]);
  const ofTheatre = countries
    .map((/** @type {any} */ { id, properties, arcs: polygons }) => ({
      type: "MultiPolygon",
      id,
      properties,
      arcs: keepPolygons(polygons.filter(isNear)),
    }))
    .filter((/** @type {any} */ country) => country.arcs.length > 0);

  const inWater = grown(extent, WATER_MARGIN);
  const isWet = (/** @type {number[][]} */ line) => line.some((position) => distanceTo(inWater, position) === 0);
  const rivers = featuresOf(waters, "rivers", "LineString").filter(isWet);
  const lakes = featuresOf(waters, "lakes", "Polygon").filter(([shell]) => isWet(shell));

  return {
    type: "Topology",
    transform: { scale: [1 / UNITS, 1 / UNITS], translate: [0, 0] },
    objects: {
      land: { type: "MultiPolygon", arcs: land },
      borders: { type: "MultiLineString", arcs: borders },
      rivers: { type: "MultiLineString", arcs: rivers.map((line) => [add(line)]) },
      lakes: { type: "MultiPolygon", arcs: lakes.map((polygon) => polygon.map((ring) => [add(ring)])) },
      countries: { type: "GeometryCollection", geometries: ofTheatre },
    },
    arcs,
  };
}

/** The arcs that two countries share. @param {any[]} countries @returns {number[]} */
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
  return [...users].filter(([, those]) => those.size > 1).map(([arc]) => arc);
}

/**
 * The coordinates of an object's lines or polygons, those of many taken apart.
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
function grown({ west, south, east, north }, margin) {
  return { west: west - margin, south: south - margin, east: east + margin, north: north + margin };
}

/**
 * How far a position lies from a box, degrees; 0 inside.
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
