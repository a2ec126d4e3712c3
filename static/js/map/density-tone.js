/**
 * How a cell of very many events looks: the soft round dot that each event leaves, and how dark a
 * cell is for so many of them. Pure.
 */

/** The weight of an event in the middle of its dot; at the edge it has less. */
const FULL = 4;
/** One event alone is a little transparent, so that two are darker; so many are not. */
const FAINTEST = 0.8;
const OPAQUE = 4;
/** From so many events on a cell has ink in it; it has the most at so many. */
const CROWD = 4;
const MOST_CROWD = 512;
const MOST_INK = 0.72;

/**
 * The radius of an event's dot, pixels: far out, where they are most, they are fine.
 * @param {number} zoom
 */
export const dotRadius = (zoom) => Math.max(1.5, Math.min(4, 1.8 + 0.3 * (zoom - 6)));

/**
 * The cells of a dot: how far each is from the middle, and its weight.
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

/** Weights above it look as this one does. */
export const MOST_WEIGHT = FULL * MOST_CROWD;

/** By weight: how opaque a cell is (0 to 255), and the share of ink in its colour (0 to 1). */
export const OPACITY = Uint8Array.from({ length: MOST_WEIGHT + 1 }, (_, weight) => {
  const events = weight / FULL;
  const crowded = FAINTEST + (1 - FAINTEST) * Math.min(1, Math.max(0, (events - 1) / (OPAQUE - 1)));
  return Math.round(255 * (events < 1 ? FAINTEST * events : crowded));
});

export const INK = Float32Array.from({ length: MOST_WEIGHT + 1 }, (_, weight) => {
  const events = weight / FULL;
  return events < CROWD ? 0 : MOST_INK * (Math.log(events / CROWD) / Math.log(MOST_CROWD / CROWD));
});
