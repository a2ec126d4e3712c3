/**
 * Longitude and latitude as a reference of the Military Grid (MGRS), on WGS 84. Pure.
 *
 * The projection is Krüger's series to the fourth order of the third flattening, exact to well
 * under a millimetre inside a zone (C. F. F. Karney, "Transverse Mercator with an accuracy of a few
 * nanometers", 2011, equations 7 to 11 and 35). The letters are those of NGA.STND.0037, scheme AA.
 * Digits are cut off, never rounded: a reference names the square that the place lies in.
 */

const EQUATORIAL_RADIUS_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const SCALE = 0.9996;
const FALSE_EASTING_M = 500_000;
const FALSE_NORTHING_M = 10_000_000;

const N = FLATTENING / (2 - FLATTENING);
const ECCENTRICITY = Math.sqrt(FLATTENING * (2 - FLATTENING));
const RECTIFYING_RADIUS_M = (EQUATORIAL_RADIUS_M / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const SERIES = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3 + (41 / 180) * N ** 4,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3 + (557 / 1440) * N ** 4,
  (61 / 240) * N ** 3 - (103 / 140) * N ** 4,
  (49561 / 161280) * N ** 4,
];

const BANDS = "CDEFGHJKLMNPQRSTUVWX";
/** Eight letters for each zone; the sequence restarts at every third zone. */
const COLUMNS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const ROWS = "ABCDEFGHJKLMNPQRSTUV";

/**
 * Formats the MGRS reference of a place, to one metre: "37U CP 61154 45577".
 *
 * @param {number} longitude degrees; values outside [-180, 180) are wrapped
 * @param {number} latitude degrees
 * @returns {string | null} null beyond 80° S or 84° N, where MGRS uses a different grid
 */
export function formatMgrs(longitude, latitude) {
  const east = wrapped(longitude);
  if (!(latitude >= -80 && latitude <= 84) || Number.isNaN(east)) return null;
  const zone = zoneOf(east, latitude);
  const { easting, northing } = project(east, latitude, zone);
  const column = COLUMNS.charAt(((zone - 1) % 3) * 8 + Math.floor(easting / 100_000) - 1);
  const row = ROWS.charAt((Math.floor(northing / 100_000) + (zone % 2 === 0 ? 5 : 0)) % 20);
  const band = BANDS.charAt(Math.min(19, Math.floor((latitude + 80) / 8)));
  return `${String(zone).padStart(2, "0")}${band} ${column}${row} ${metres(easting)} ${metres(northing)}`;
}

/**
 * Returns the UTM zone of a place, including the exceptions of Norway and Svalbard.
 *
 * @param {number} longitude degrees, in [-180, 180)
 * @param {number} latitude degrees
 */
function zoneOf(longitude, latitude) {
  if (latitude >= 56 && latitude < 64 && longitude >= 3 && longitude < 12) return 32;
  if (latitude >= 72 && longitude >= 0 && longitude < 42) {
    if (longitude < 9) return 31;
    if (longitude < 21) return 33;
    return longitude < 33 ? 35 : 37;
  }
  return Math.floor((longitude + 180) / 6) + 1;
}

/**
 * Projects a place to Universal Transverse Mercator.
 *
 * @param {number} longitude degrees
 * @param {number} latitude degrees
 * @param {number} zone
 * @returns {{ easting: number, northing: number }} metres
 */
function project(longitude, latitude, zone) {
  const phi = (latitude * Math.PI) / 180;
  const lambda = ((longitude - (zone * 6 - 183)) * Math.PI) / 180;
  const tau = Math.tan(phi);
  const sigma = Math.sinh(ECCENTRICITY * Math.atanh(ECCENTRICITY * Math.sin(phi)));
  const conformal = tau * Math.hypot(1, sigma) - sigma * Math.hypot(1, tau);
  const xi = Math.atan2(conformal, Math.cos(lambda));
  const eta = Math.asinh(Math.sin(lambda) / Math.hypot(conformal, Math.cos(lambda)));
  let north = xi;
  let east = eta;
  SERIES.forEach((coefficient, index) => {
    const order = 2 * (index + 1);
    north += coefficient * Math.sin(order * xi) * Math.cosh(order * eta);
    east += coefficient * Math.cos(order * xi) * Math.sinh(order * eta);
  });
  return {
    easting: FALSE_EASTING_M + SCALE * RECTIFYING_RADIUS_M * east,
    northing: (latitude < 0 ? FALSE_NORTHING_M : 0) + SCALE * RECTIFYING_RADIUS_M * north,
  };
}

/**
 * Wraps a longitude.
 *
 * @param {number} longitude degrees
 * @returns {number} the same meridian in [-180, 180)
 */
function wrapped(longitude) {
  return ((((longitude + 180) % 360) + 360) % 360) - 180;
}

/**
 * Formats the digits of a distance within its 100 km square.
 *
 * @param {number} distance
 * @returns {string} its last five whole metres
 */
function metres(distance) {
  return String(Math.floor(distance) % 100_000).padStart(5, "0");
}
