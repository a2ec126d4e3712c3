/**
 * Draws the mark of an event, for the map, menus and the legend. The shape shows the verification
 * without colour: filled is geolocated or confirmed, hollow is reported, split is disputed, struck
 * through is refuted. A ring around the mark means that it stands for several events, and dots
 * around it mean that the precision of the place is not known. A triangle at the upper right means
 * that the place should be checked.
 */

/** Numbers of events at one position from which the mark has a ring, a wider one, the widest. */
export const CROWDS = Object.freeze([2, 10, 100]);
/** Width of that ring, and its distance from the mark. Pixels, for the largest mark. */
const CROWD_RING = [0, 1.1, 2, 3.4];
const CROWD_GAP = 1;
/** Distance of the dots from the mark, their size, and the space between two of them. Pixels. */
const DOTS_GAP = 1.9;
const DOT = 1.3;
const DOTS_SPACE = 3.2;
const DOTS_OPACITY = 0.7;
const LARGEST_RADIUS = 5;
/** Radius of the triangle of a doubtful place, for the largest mark and for the smallest. Pixels. */
const TRIANGLE = 4.2;
const SMALLEST_TRIANGLE = 3;

/** Returns the width of the paper ring around a mark. @param {number} radius pixels */
export const ringWidth = (radius) => (radius >= 4 ? 1.5 : 1);

/**
 * Returns the level of a number of events.
 *
 * @param {number} count events at a position
 * @returns {number} 0 for one event, up to 3
 */
export function crowdLevel(count) {
  let level = 0;
  while (count >= (CROWDS[level] ?? Infinity)) level++;
  return level;
}

/** Returns the width of the ring of a crowd. @param {number} radius @param {number} level */
const crowdWidth = (radius, level) => ((CROWD_RING[level] ?? 0) * Math.max(radius, 3)) / LARGEST_RADIUS;

/**
 * Returns the distance from the centre to the outer edge of a mark.
 *
 * @param {number} radius pixels
 * @param {number} level of `crowdLevel`
 * @param {boolean} isUnknown whether the precision of the place is not known
 * @param {boolean} [isDoubtful] whether the place should be checked
 */
export function markReach(radius, level, isUnknown, isDoubtful = false) {
  const ring = level > 0 ? CROWD_GAP + crowdWidth(radius, level) : 0;
  const reach = radius + ringWidth(radius) + ring + (isUnknown ? DOTS_GAP + DOT / 2 : 0);
  return isDoubtful ? Math.max(reach, radius + 2 * triangleRadius(radius)) : reach;
}

/** Returns the radius of the triangle of a doubtful place. @param {number} radius of the mark */
const triangleRadius = (radius) => Math.max(SMALLEST_TRIANGLE, (TRIANGLE * radius) / LARGEST_RADIUS);

/**
 * Draws one mark around the origin.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {object} mark
 * @param {string} mark.verification
 * @param {string} mark.colour
 * @param {string} mark.paper background colour, inside a hollow mark and in the rings
 * @param {number} mark.radius pixels
 * @param {number} [mark.level] of `crowdLevel`
 * @param {boolean} [mark.isUnknown] whether the precision of the place is not known
 * @param {string | null} [mark.doubt] colour of the triangle: the place should be checked; null: none
 */
export function drawMark(context, mark) {
  drawShape(context, mark);
  if (mark.doubt) drawTriangle(context, mark.radius, mark.doubt, mark.paper);
}

/**
 * Draws the triangle of a doubtful place.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} radius of the mark
 * @param {string} colour
 * @param {string} paper
 */
function drawTriangle(context, radius, colour, paper) {
  const size = triangleRadius(radius);
  const [x, y] = [radius, -radius];
  context.beginPath();
  context.moveTo(x, y - size);
  context.lineTo(x + 0.87 * size, y + size / 2);
  context.lineTo(x - 0.87 * size, y + size / 2);
  context.closePath();
  context.lineJoin = "round";
  context.lineWidth = 2;
  context.strokeStyle = paper;
  context.stroke();
  context.fillStyle = colour;
  context.fill();
}

/**
 * Draws a mark without the triangle.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Parameters<typeof drawMark>[1]} mark
 */
function drawShape(context, { verification, colour, paper, radius, level = 0, isUnknown = false }) {
  const full = 2 * Math.PI;
  const stroke = Math.max(1.25, radius * 0.4);
  context.strokeStyle = colour;
  if (isUnknown) {
    context.beginPath();
    context.arc(0, 0, markReach(radius, level, false) + DOTS_GAP, 0, full);
    context.lineWidth = DOT;
    context.lineCap = "round";
    context.setLineDash([0, DOTS_SPACE]);
    const opacity = context.globalAlpha;
    context.globalAlpha = opacity * DOTS_OPACITY;
    context.stroke();
    context.globalAlpha = opacity;
    context.setLineDash([]);
    context.lineCap = "butt";
  }
  context.beginPath();
  context.arc(0, 0, markReach(radius, level, false), 0, full);
  context.fillStyle = paper;
  context.fill();
  if (level > 0) {
    const width = crowdWidth(radius, level);
    context.beginPath();
    context.arc(0, 0, markReach(radius, level, false) - width / 2, 0, full);
    context.lineWidth = width;
    context.stroke();
  }

  context.lineWidth = stroke;
  context.fillStyle = colour;
  context.beginPath();
  switch (verification) {
    case "reported":
      context.arc(0, 0, radius - stroke / 2, 0, full);
      context.stroke();
      break;
    case "disputed":
      context.arc(0, 0, radius, 0, full);
      context.fill();
      slash(context, radius + 1, Math.max(1.2, radius * 0.36), paper);
      break;
    case "refuted":
      context.arc(0, 0, radius - stroke / 2, 0, full);
      context.lineWidth = stroke * 0.6;
      context.stroke();
      slash(context, radius + 0.5, stroke * 0.75, colour);
      break;
    default:
      context.arc(0, 0, radius, 0, full);
      context.fill();
  }
}

/**
 * Draws a diagonal line through a mark.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} reach
 * @param {number} width
 * @param {string} colour
 */
function slash(context, reach, width, colour) {
  const along = reach * Math.SQRT1_2;
  context.beginPath();
  context.moveTo(-along, along);
  context.lineTo(along, -along);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}
