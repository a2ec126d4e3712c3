/**
 * Measures shapes on the globe: distances, midpoints and bounding boxes. Pure; degrees in
 * (longitude, latitude), metres out.
 */

/** @import { Geometry, Position } from "geojson" */
/** @import { Bounds } from "../types.js" */

/** WGS 84. */
const EQUATORIAL_RADIUS_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;

/** @param {number} degrees */
const radians = (degrees) => (degrees * Math.PI) / 180;

/**
 * Returns the distance between two places on the ellipsoid in metres, by Lambert's formula. The
 * error is about ten metres in thousands of kilometres, except for antipodal places.
 *
 * @param {Position} from
 * @param {Position} to
 * @returns {number}
 */
export function distanceM(from, to) {
  const [fromLongitude = NaN, fromLatitude = NaN] = from;
  const [toLongitude = NaN, toLatitude = NaN] = to;
  const start = reduced(fromLatitude);
  const end = reduced(toLatitude);
  const north = Math.sin((end - start) / 2);
  const east = Math.sin(radians(toLongitude - fromLongitude) / 2);
  const angle = 2 * Math.asin(Math.min(1, Math.hypot(north, Math.sqrt(Math.cos(start) * Math.cos(end)) * east)));
  if (angle < 1e-12) return 0;
  const middle = (start + end) / 2;
  const half = (end - start) / 2;
  const x = (angle - Math.sin(angle)) * (Math.sin(middle) * Math.cos(half)) ** 2 * Math.cos(angle / 2) ** -2;
  const y = (angle + Math.sin(angle)) * (Math.cos(middle) * Math.sin(half)) ** 2 * Math.sin(angle / 2) ** -2;
  return EQUATORIAL_RADIUS_M * (angle - (FLATTENING / 2) * (x + y));
}

/**
 * Converts a geodetic latitude to a reduced latitude.
 *
 * @param {number} latitude degrees
 * @returns {number} the latitude on the auxiliary sphere, radians
 */
function reduced(latitude) {
  return Math.atan((1 - FLATTENING) * Math.tan(radians(latitude)));
}

/**
 * Returns the length of a line in metres.
 *
 * @param {Position[]} line
 * @returns {number}
 */
export function lengthM(line) {
  return line.reduce((sum, position, index) => sum + distanceM(line[index - 1] ?? position, position), 0);
}

/**
 * Returns the paths of a geometry: one position for a point, rings for an area.
 *
 * @param {Geometry} geometry
 * @returns {Position[][]}
 */
export function paths(geometry) {
  switch (geometry.type) {
    case "Point":
      return [[geometry.coordinates]];
    case "MultiPoint":
      return geometry.coordinates.map((position) => [position]);
    case "LineString":
      return [geometry.coordinates];
    case "MultiLineString":
    case "Polygon":
      return geometry.coordinates;
    case "MultiPolygon":
      return geometry.coordinates.flat();
    case "GeometryCollection":
      return geometry.geometries.flatMap(paths);
  }
}

/**
 * Returns the bounding box of a geometry.
 *
 * @param {Geometry} geometry
 * @returns {Bounds}
 */
export function boundsOf(geometry) {
  /** @type {Bounds} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [longitude = NaN, latitude = NaN] of paths(geometry).flat()) {
    box[0] = Math.min(box[0], longitude);
    box[1] = Math.min(box[1], latitude);
    box[2] = Math.max(box[2], longitude);
    box[3] = Math.max(box[3], latitude);
  }
  return box;
}

/**
 * Returns a representative point of a geometry: the point itself, the midpoint of the longest line,
 * or the centre of an area's bounding box.
 *
 * @param {Geometry} geometry
 * @returns {[longitude: number, latitude: number]}
 */
export function middleOf(geometry) {
  if (geometry.type === "LineString" || geometry.type === "MultiLineString") {
    const [longest = []] = paths(geometry).sort((one, other) => lengthM(other) - lengthM(one));
    return halfWay(longest);
  }
  const [west, south, east, north] = boundsOf(geometry);
  return [(west + east) / 2, (south + north) / 2];
}

/** Returns the midpoint of a line. @param {Position[]} line @returns {[number, number]} */
function halfWay(line) {
  let left = lengthM(line) / 2;
  for (let index = 1; index < line.length; index++) {
    const [fromLongitude = NaN, fromLatitude = NaN] = line[index - 1] ?? [];
    const [toLongitude = NaN, toLatitude = NaN] = line[index] ?? [];
    const step = distanceM([fromLongitude, fromLatitude], [toLongitude, toLatitude]);
    if (left <= step && step > 0) {
      const share = left / step;
      return [
        fromLongitude + share * (toLongitude - fromLongitude),
        fromLatitude + share * (toLatitude - fromLatitude),
      ];
    }
    left -= step;
  }
  const [longitude = NaN, latitude = NaN] = line[0] ?? [];
  return [longitude, latitude];
}

/**
 * Returns whether two boxes overlap. Longitudes may be outside [-180, 180): 190° equals -170°.
 *
 * @param {Bounds} one
 * @param {Bounds} other
 * @returns {boolean}
 */
export function overlap(one, other) {
  if (one[1] > other[3] || other[1] > one[3]) return false;
  const turn = Math.round((other[0] + other[2] - one[0] - one[2]) / 2 / 360) * 360;
  return [-360, 0, 360].some((more) => one[0] + turn + more <= other[2] && other[0] <= one[2] + turn + more);
}
