/**
 * The appearance of a density cell: the soft round dot of each event, and the darkness of a cell by
 * its number of events. Pure.
 */

/** Weight of an event at the centre of its dot. The weight decreases towards the edge. */
const FULL = 4;
/**
 * Opacity of a single event, and number of events from which a cell is opaque. The opacity is below
 * 1, so that two events are darker than one.
 */
const FAINTEST = 0.8;
const OPAQUE = 4;
/** Number of events from which a cell contains ink, and number with the most ink. */
const CROWD = 4;
const MOST_CROWD = 512;
const MOST_INK = 0.72;

/**
 * Returns the radius of an event's dot in pixels. Dots are smaller at low zoom levels, where they
 * are most numerous.
 * @param {number} zoom
 */
export const dotRadius = (zoom) => Math.max(1.5, Math.min(4, 1.8 + 0.3 * (zoom - 6)));

/**
 * Returns the cells of a dot: the offset from the centre, and the weight.
 *
 * @param {number} radius cells
 * @returns {{ dx: number, dy: number, weight: number }[]}
 */
export function dotCells(radius) {
  const reach = Math.ceil(radius);
  const cells = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const covered = Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(dx, dy)));
      const weight = Math.round(FULL * covered);
      if (weight > 0) cells.push({ dx, dy, weight });
    }
  }
  return cells;
}

/** Distance of a ring from the edge of its dot, cells. */
const RING_GAP = 2;

/**
 * Returns the cells of the ring around the dot of a place with very many events.
 *
 * @param {number} radius of the dot, cells
 * @returns {{ dx: number, dy: number }[]}
 */
export function ringCells(radius) {
  const [inner, reach] = [radius + RING_GAP, Math.ceil(radius + RING_GAP + 1)];
  const cells = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const away = Math.hypot(dx, dy);
      if (away >= inner - 0.25 && away < inner + 1) cells.push({ dx, dy });
    }
  }
  return cells;
}

/** Maximum weight. Higher weights look the same. */
export const MOST_WEIGHT = FULL * MOST_CROWD;

/** Opacity of a cell (0 to 255) and share of ink in its colour (0 to 1), by weight. */
export const OPACITY = Uint8Array.from({ length: MOST_WEIGHT + 1 }, (_, weight) => {
  const events = weight / FULL;
  const crowded = FAINTEST + (1 - FAINTEST) * Math.min(1, Math.max(0, (events - 1) / (OPAQUE - 1)));
  return Math.round(255 * (events < 1 ? FAINTEST * events : crowded));
});

export const INK = Float32Array.from({ length: MOST_WEIGHT + 1 }, (_, weight) => {
  const events = weight / FULL;
  return events < CROWD ? 0 : MOST_INK * (Math.log(events / CROWD) / Math.log(MOST_CROWD / CROWD));
});
