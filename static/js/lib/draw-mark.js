/**
 * Draws the mark of an event, for the map, menus and the legend. The shape shows the verification
 * without colour: filled is geolocated or confirmed, hollow is reported, split is disputed, struck
 * through is refuted.
 */
/** Returns the width of the ring around a mark. @param {number} radius pixels */
export const ringWidth = (radius) => (radius >= 4 ? 1.5 : 1);

/**
 * Draws one mark around the origin.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {object} mark
 * @param {string} mark.verification
 * @param {string} mark.colour
 * @param {string} mark.paper background colour, inside a hollow mark and in the ring
 * @param {number} mark.radius pixels
 */
export function drawMark(context, { verification, colour, paper, radius }) {
  const full = 2 * Math.PI;
  const stroke = Math.max(1.25, radius * 0.4);
  context.beginPath();
  context.arc(0, 0, radius + ringWidth(radius), 0, full);
  context.fillStyle = paper;
  context.fill();

  context.lineWidth = stroke;
  context.strokeStyle = colour;
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
