/**
 * Assigns parts of the world to countries: as in Natural Earth, corrected by the theatre. Pure.
 */

/**
 * A part that belongs to another country than in Natural Earth. Country names are the English names
 * of Natural Earth.
 * @typedef {object} Move
 * @property {string} name name of the part, for error messages
 * @property {string} from
 * @property {string} to
 * @property {{ west: number, south: number, east: number, north: number }} [box] only the parts
 *   inside the box; without it, all parts
 */

/**
 * Assigns parts of countries to other countries. The outlines of the parts stay unchanged, so a
 * border between two parts of one country disappears.
 *
 * @param {any} topology with `objects.countries`
 * @param {Move[]} moves
 * @returns {any} a new topology
 * @throws {Error} a country is unknown, or no part of it is in the box
 */
export function moveParts(topology, moves) {
  const countries = topology.objects.countries.geometries.map((/** @type {any} */ country) => ({
    ...country,
    type: "MultiPolygon",
    arcs: country.type === "Polygon" ? [country.arcs] : [...(country.arcs ?? [])],
  }));
  /** @param {string} name @param {string} key @param {Move} move */
  const named = (name, key, move) => {
    const found = countries.find((/** @type {any} */ country) => country.properties.name === name);
    if (!found)
      throw new Error(`[ground] moves, ${move.name}: ${key} is ${JSON.stringify(name)}, which is not a country`);
    return found;
  };
  for (const move of moves) {
    const [from, to] = [named(move.from, "from", move), named(move.to, "to", move)];
    const moved = from.arcs.filter((/** @type {number[][]} */ polygon) => isInside(topology, polygon, move.box));
    if (!moved.length) throw new Error(`[ground] moves, ${move.name}: no part of ${move.from} lies in the box`);
    from.arcs = from.arcs.filter((/** @type {number[][]} */ polygon) => !moved.includes(polygon));
    to.arcs.push(...moved);
  }
  return { ...topology, objects: { countries: { type: "GeometryCollection", geometries: countries } } };
}

/** @param {any} topology @param {number[][]} polygon @param {Move["box"]} box */
function isInside(topology, polygon, box) {
  if (!box) return true;
  return polygon
    .flat()
    .every((index) =>
      decodeArc(topology, index < 0 ? ~index : index).every(
        ([longitude, latitude]) =>
          longitude >= box.west && longitude <= box.east && latitude >= box.south && latitude <= box.north,
      ),
    );
}

/**
 * Returns the positions of an arc, degrees.
 *
 * @param {any} topology
 * @param {number} index
 * @returns {[number, number][]}
 */
export function decodeArc({ arcs, transform }, index) {
  const [scaleX, scaleY] = transform.scale;
  const [east, north] = transform.translate;
  let [x, y] = [0, 0];
  return arcs[index].map((/** @type {[number, number]} */ [stepX, stepY]) => {
    x += stepX;
    y += stepY;
    return [x * scaleX + east, y * scaleY + north];
  });
}
