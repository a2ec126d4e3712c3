/**
 * The part of the legend about everything that is drawn besides colours and verification: a sample
 * and a text for each sign of `lib/draw-signs.js`.
 *
 * @import { Translate } from "../types.js"
 * @import { Sign } from "../lib/draw-signs.js"
 */
import { customProperty, mix } from "../lib/colours.js";
import { CROWDS, drawMark } from "../lib/draw-mark.js";
import { OUTSIDE_DASH, SIGNS, drawDisc, paintSelection, paintShape } from "../lib/draw-signs.js";
import { drawnIcon } from "./drawn-icon.js";
import { element } from "./element.js";

const HEIGHT = 22;
const WIDTH = 22;
const MIDDLE = { x: WIDTH / 2, y: HEIGHT / 2 };
const RADIUS = 4;
const RING = 8;
const BAND = 5;

/** @typedef {{ ink: string, paper: string, unknown: string, front: string }} Colours */

/** @typedef {(context: CanvasRenderingContext2D, colours: Colours) => void} Draw */

/** Draws a mark. @param {object} how @returns {Draw} */
const mark =
  (how) =>
  (context, { ink, paper }) => {
    context.translate(MIDDLE.x, MIDDLE.y);
    drawMark(context, { verification: "geolocated", colour: ink, paper, radius: RADIUS, ...how });
  };

/**
 * Draws a line or an area.
 * @param {{ bandPx: number | null, isArea?: boolean }} how
 * @returns {Draw}
 */
const shape =
  ({ bandPx, isArea = false }) =>
  (context, { ink }) => {
    context.beginPath();
    if (isArea) context.rect(3, 5, WIDTH - 6, HEIGHT - 10);
    else {
      context.moveTo(0, MIDDLE.y);
      context.lineTo(WIDTH, MIDDLE.y);
    }
    paintShape(context, { colour: ink, verification: "geolocated", isArea, isFaint: false, bandPx });
  };

/** Draws the ring of the selected event. @param {number[]} dash @returns {Draw} */
const ring =
  (dash) =>
  (context, { ink, paper }) => {
    context.translate(MIDDLE.x, MIDDLE.y);
    if (!dash.length) drawMark(context, { verification: "geolocated", colour: ink, paper, radius: RADIUS });
    context.beginPath();
    context.arc(0, 0, RING, 0, 2 * Math.PI);
    paintSelection(context, ink, dash);
  };

/** Draws bars. @param {number[]} heights @param {{ isBroken?: boolean, isVague?: boolean }} [how] @returns {Draw} */
const bars =
  (heights, { isBroken = false, isVague = false } = {}) =>
  (context, { unknown, ink }) => {
    context.fillStyle = unknown;
    heights.forEach((height, n) => context.fillRect(3 + 6 * n, HEIGHT - 5 - height, 5, height));
    if (isBroken) context.clearRect(0, 7, WIDTH, 2);
    context.fillStyle = ink;
    if (isVague) context.fillRect(2, HEIGHT - 4, WIDTH - 4, 2);
  };

/**
 * Creates the sample of a line with a verification.
 * @param {string} verification
 */
export function lineIcon(verification) {
  return drawnIcon({ width: WIDTH, height: 5 }, { class: "line-icon" }, (context) => {
    context.beginPath();
    context.moveTo(0, 2.5);
    context.lineTo(WIDTH, 2.5);
    paintShape(context, { colour: customProperty("--ink"), verification, isArea: false, isFaint: false, bandPx: 0 });
  });
}

/** @type {Record<Sign, Draw>} */
const DRAWS = {
  crowd: mark({ level: CROWDS.length }),
  disc(context, { ink, paper }) {
    drawDisc(context, MIDDLE.x, MIDDLE.y, 10, ink, 1);
    context.translate(MIDDLE.x, MIDDLE.y);
    drawMark(context, { verification: "geolocated", colour: ink, paper, radius: RADIUS - 1 });
  },
  unknown_place: mark({ isUnknown: true }),
  doubtful_place: (context, colours) => mark({ doubt: colours.ink })(context, colours),
  faint(context, colours) {
    context.globalAlpha = 0.5;
    mark({})(context, colours);
  },
  density(context, { unknown, ink }) {
    for (const [n, share] of [0, 0.35, 0.72].entries()) {
      context.fillStyle = mix(unknown, ink, share);
      context.beginPath();
      context.arc(4 + 7 * n, MIDDLE.y, 3.5, 0, 2 * Math.PI);
      context.fill();
    }
  },
  crowd_in_cells(context, { unknown, ink }) {
    context.fillStyle = mix(unknown, ink, 0.72);
    context.beginPath();
    context.arc(MIDDLE.x, MIDDLE.y, 3.5, 0, 2 * Math.PI);
    context.fill();
    context.beginPath();
    context.arc(MIDDLE.x, MIDDLE.y, 6.5, 0, 2 * Math.PI);
    context.strokeStyle = ink;
    context.stroke();
  },
  line: shape({ bandPx: 0 }),
  area: shape({ bandPx: 0, isArea: true }),
  band: shape({ bandPx: BAND }),
  unknown_band: shape({ bandPx: null }),
  selected: ring([]),
  selected_outside: ring(OUTSIDE_DASH),
  bars: bars([6, 12, 9]),
  broken_bar: bars([5, 16, 7], { isBroken: true }),
  vague_days: bars([], { isVague: true }),
  curve(context, { front }) {
    context.beginPath();
    context.moveTo(1, 15);
    context.lineTo(9, 12);
    context.lineTo(14, 13);
    context.lineTo(21, 7);
    context.strokeStyle = front;
    context.lineWidth = 1.5;
    context.stroke();
  },
};

/**
 * Returns the texts of the signs.
 * @param {Translate} t
 * @returns {Record<Sign, string>}
 */
function signTexts(t) {
  const [, many, most] = CROWDS;
  return {
    crowd: t("Ring: several events in one place; wider from {many}, {most}", {
      many: many ?? 0,
      most: most ?? 0,
    }),
    disc: t("Circle: the event is somewhere inside"),
    unknown_place: t("Dots: precision not known"),
    doubtful_place: t("Triangle: place to check; the card says why"),
    faint: t("Faint: known only to the month or year, or refuted"),
    density: t("Darker: more events; their colours are mixed"),
    crowd_in_cells: t("Ring: {most} or more events in one place", { most: most ?? 0 }),
    line: t("Line, such as a road"),
    area: t("Area"),
    band: t("Band: the event is somewhere inside"),
    unknown_band: t("Ticks: precision not known"),
    selected: t("Event of the open card"),
    selected_outside: t("The same, outside the period"),
    bars: t("Events by first day, coloured by affected side"),
    broken_bar: t("Bar too tall for the chart"),
    vague_days: t("Events known only to the month or year"),
    curve: t("Occupied area, lowest to highest in view; dashed: no assessment"),
  };
}

/**
 * Creates the entries of the signs, in the order of the table.
 *
 * @param {Translate} t
 * @returns {{ sign: Sign, root: HTMLLIElement }[]}
 */
export function signEntries(t) {
  const texts = signTexts(t);
  return /** @type {Sign[]} */ (Object.keys(SIGNS)).map((sign) => {
    const icon = drawnIcon({ width: WIDTH, height: HEIGHT }, { class: "sign-icon" }, (context) =>
      DRAWS[sign](context, {
        ink: customProperty("--ink"),
        paper: customProperty("--paper"),
        unknown: customProperty("--side-unknown"),
        front: customProperty("--front"),
      }),
    );
    return { sign, root: element("li", { "data-sign": sign }, icon, element("span", {}, texts[sign])) };
  });
}
