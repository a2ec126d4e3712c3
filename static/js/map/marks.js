/**
 * The marks of events, each drawn once and then stamped. The weight of a mark tells the verification, so that it can be read
 * without its colour: full is geolocated or confirmed, hollow is reported, split is disputed, struck through is refuted.
 */
import { mix } from "./palette.js";

/** Darker for every so many events at one spot. */
const CROWDS = [4, 16, 64];
/** How much of the ink is in the colour of a crowded spot, by the number of thresholds passed. */
const INK_IN_CROWD = [0, 0.3, 0.5, 0.68];

/**
 * The radius of a mark, without its ring. It depends on the zoom alone: nothing grows or shrinks while time moves.
 *
 * @param {number} zoom
 * @returns {number} pixels
 */
export const markRadius = (zoom) => Math.max(2.2, Math.min(5, 5 - (10 - zoom) * 0.5));

/** @param {number} radius pixels */
export const ringWidth = (radius) => (radius >= 4 ? 1.5 : 1);

/** @param {number} crowd events at a spot @returns {number} 0 for few, up to 3 */
export function crowdLevel(crowd) {
  let level = 0;
  while (crowd >= (CROWDS[level] ?? Infinity)) level++;
  return level;
}

/**
 * Draws one mark around the origin.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {object} mark
 * @param {string} mark.verification
 * @param {string} mark.colour
 * @param {string} mark.paper what shines through a hollow mark, and the ring
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

/** @param {CanvasRenderingContext2D} context @param {number} reach @param {number} width @param {string} colour */
function slash(context, reach, width, colour) {
  const along = reach * Math.SQRT1_2;
  context.beginPath();
  context.moveTo(-along, along);
  context.lineTo(along, -along);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}

/**
 * Stamps of all marks that one picture needs, made when they are first asked for.
 *
 * @param {object} look
 * @param {string[]} look.colours
 * @param {string[]} look.verifications
 * @param {string} look.ink
 * @param {string} look.paper
 * @param {number} look.radius pixels
 * @param {number} look.scale device pixels in a pixel
 */
export function createStamps({ colours, verifications, ink, paper, radius, scale }) {
  const half = Math.ceil((radius + ringWidth(radius) + 0.5) * scale);
  /** @type {(HTMLCanvasElement | undefined)[]} */
  const stamps = [];

  /** @param {number} colour @param {number} verification @param {number} level @param {boolean} faint */
  function make(colour, verification, level, faint) {
    const stamp = document.createElement("canvas");
    stamp.width = stamp.height = 2 * half;
    const context = /** @type {CanvasRenderingContext2D} */ (stamp.getContext("2d"));
    context.setTransform(scale, 0, 0, scale, half, half);
    context.globalAlpha = faint ? 0.5 : 1;
    const word = verifications[verification] ?? "";
    drawMark(context, {
      verification: word,
      colour: mix(colours[colour] ?? "#777777", ink, INK_IN_CROWD[level] ?? 0),
      paper,
      radius,
    });
    return stamp;
  }

  return {
    /** Half the side of a stamp, device pixels. */
    half,

    /**
     * @param {number} colour index into the colours
     * @param {number} verification index into the verifications
     * @param {number} level of `crowdLevel`
     * @param {boolean} faint known to the month or year only, or refuted
     */
    get(colour, verification, level, faint) {
      const key = ((colour * 8 + verification) * 4 + level) * 2 + Number(faint);
      return (stamps[key] ??= make(colour, verification, level, faint));
    },
  };
}
