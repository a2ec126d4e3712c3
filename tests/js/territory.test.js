import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  assessedOn,
  assessmentOn,
  chosenAssessors,
  hasEdgesBeside,
  isInRing,
  lineThen,
  statusesAt,
} from "../../static/js/data/assessments.js";
import { readHistory } from "../../static/js/data/read-history.js";
import { createTranslate } from "../../static/js/lib/messages.js";
import { mercatorX } from "../../static/js/lib/mercator.js";
import { outerEdges, shapesOf } from "../../static/js/map/area-shapes.js";
import { toDay } from "../../static/js/time/day.js";
import { areaNumber, assessmentText, momentText } from "../../static/js/ui/area-text.js";
import { CONFIG } from "./support/columns.js";

/** @import { Assessor, ControlArea, Territory } from "../../static/js/types.js" */

const t = createTranslate({}, "en");

/**
 * Returns a square in the units of the line history.
 * @param {number} west degrees
 * @param {number} south
 * @param {number} side
 */
const square = (west, south, side) =>
  Int32Array.from(
    [west, south, west + side, south, west + side, south + side, west, south + side],
    (value) => value * 1e5,
  );

/** @param {ControlArea["status"]} status @param {...Int32Array} rings @returns {ControlArea} */
const area = (status, ...rings) => ({ status, sinceBefore: false, rings, runs: rings.map(() => null) });

/** @type {Assessor} */
const ASSESSOR = {
  slug: "ours",
  name: "Ours",
  home_page: null,
  licence: "CC BY 4.0",
  attribution: null,
  definition: "As drawn",
  covers: ["occupied", "gray_zone"],
  assessments: 3,
  first_valid_from: "2025-07-18T20:10:00Z",
  last_valid_from: "2025-07-20T19:30:00Z",
};

const held = square(37, 48, 0.2);
/** @type {ControlArea[][]} */
const DAYS = [
  [area("occupied", held)],
  [area("occupied", held), area("gray_zone", square(37, 48.2, 0.1))],
  [area("occupied", held), area("gray_zone", square(37, 48.2, 0.2))],
];
/** @type {Territory} */
const HISTORY = {
  assessor: ASSESSOR,
  validFrom: ["2025-07-18T20:10:00Z", "2025-07-19T20:50:00Z", "2025-07-20T19:30:00Z"].map((text) => Date.parse(text)),
  lastSeen: ["2025-07-18T20:10:00Z", "2025-07-19T20:50:00Z", "2025-07-20T19:30:00Z"].map((text) => Date.parse(text)),
  covers: () => ["occupied", "gray_zone"],
  areas: (assessment) => DAYS[assessment] ?? [],
  prepare: () => true,
};

describe("the assessment of a day", () => {
  test("is the latest one before the end of the day", () => {
    assert.equal(assessmentOn(HISTORY, toDay("2025-07-17")), -1);
    assert.equal(assessmentOn(HISTORY, toDay("2025-07-18")), 0);
    assert.equal(assessmentOn(HISTORY, toDay("2025-07-19")), 1);
    assert.equal(assessmentOn(HISTORY, toDay("2025-07-20")), 2);
    assert.equal(assessmentOn(HISTORY, toDay("2025-09-01")), 2);
  });

  test("begins with the day if it begins at midnight", () => {
    const midnight = { validFrom: [Date.parse("2025-07-19T00:00:00Z")] };
    assert.equal(assessmentOn(midnight, toDay("2025-07-18")), -1);
    assert.equal(assessmentOn(midnight, toDay("2025-07-19")), 0);
  });

  test("is of the assessor in the link, else of the first one", () => {
    const config = { ...CONFIG, assessors: [ASSESSOR, { ...ASSESSOR, slug: "other" }] };
    assert.equal(chosenAssessors({ assessors: [] }, config).first?.slug, "ours");
    assert.equal(chosenAssessors({ assessors: [] }, config).second, null);
    assert.equal(chosenAssessors({ assessors: ["other", "ours"] }, config).second?.slug, "ours");
    assert.equal(chosenAssessors({ assessors: [] }, CONFIG).first, null);
  });
});

describe("assessments at a position", () => {
  test("distinguish inside and outside of a ring", () => {
    assert.ok(isInRing(held, 3_710_000, 4_810_000));
    assert.ok(!isInRing(held, 3_730_000, 4_810_000));
  });

  test("exclude a hole and include an island in it", () => {
    const [shell, hole, island] = [square(37, 48, 1), square(37.2, 48.2, 0.6), square(37.4, 48.4, 0.2)];
    const statusIn = statusesAt({ areas: () => [area("occupied", shell, hole, island)] }, 37.3, 48.3);
    assert.equal(statusIn(0), null);
    assert.equal(statusesAt({ areas: () => [area("occupied", shell, hole, island)] }, 37.5, 48.5)(0), "occupied");
  });

  test("have the line of the day and the bounds of its change", () => {
    const [first, second, third] = HISTORY.validFrom;
    /** @param {number} longitude @param {number} latitude @param {string} day */
    const then = (longitude, latitude, day) => {
      const found = lineThen(HISTORY, longitude, latitude, toDay(day));
      return found && [found.status, found.since.after, found.since.by, found.validFrom];
    };
    assert.deepEqual(then(37.15, 48.35, "2025-07-21"), ["gray_zone", second, third, third]);
    assert.deepEqual(then(37.05, 48.25, "2025-07-21"), ["gray_zone", first, second, third]);
    assert.deepEqual(then(37.1, 48.1, "2025-07-20"), ["occupied", null, first, third]);
    assert.equal(then(37.1, 49, "2025-07-20")?.[0], null);
    assert.equal(then(37.1, 48.1, "2025-07-17"), null, "there was no assessment yet");
  });
});

describe("outlines of areas", () => {
  test("exclude edges between two areas of one status", () => {
    const edges = outerEdges([square(37, 48, 1), square(38, 48, 1)]);
    const steps = edges.reduce((sum, { path }) => sum + path.length / 2 - 1, 0);
    assert.equal(steps, 6);
    assert.equal(edges.length, 2);
  });

  test("include all edges of rings that touch at a corner", () => {
    const edges = outerEdges([square(37, 48, 1), square(38, 49, 1)]);
    assert.equal(
      edges.reduce((sum, { path }) => sum + path.length / 2 - 1, 0),
      8,
    );
  });

  test("fill earlier and later occupation separately, and draw only the front boldly", () => {
    // Each square: its first edge is coast, its second the front; the others are inside or seams.
    const runs = Int32Array.of((1 << 2) | 1, (1 << 2) | 0, (1 << 2) | 2, (1 << 2) | 1);
    const held = [
      { ...area("occupied", square(37, 48, 1)), sinceBefore: true, runs: [runs] },
      { ...area("occupied", square(38, 48, 1)), runs: [runs] },
    ];
    const { byStyle, front, beside } = shapesOf(held);
    assert.ok(hasEdgesBeside(held), "the legend has the thin line");
    assert.ok(!hasEdgesBeside([{ ...area("occupied", square(37, 48, 1)), runs: [Int32Array.of(4 << 2)] }]));
    assert.ok(!hasEdgesBeside([area("gray_zone", square(37, 48, 1)), area("occupied", square(37, 48, 1))]));
    assert.equal(byStyle.get("held_before")?.fills.length, 1);
    assert.equal(byStyle.get("occupied")?.fills.length, 1);
    assert.deepEqual(
      front.map(({ path }) => path.length / 2 - 1),
      [1, 1],
    );
    // The last edge and the first one are one line around the corner where the ring begins.
    assert.deepEqual(
      beside.map(({ path }) => path.length / 2 - 1),
      [2, 2],
    );
    assert.ok(Math.abs((front[0]?.path[0] ?? 0) - mercatorX(38)) < 1e-12);
    assert.ok(Math.abs((beside[0]?.path[2] ?? 0) - mercatorX(37)) < 1e-12);
  });

  test("prepare an unchanged ring once", () => {
    const [first, second] = DAYS.map((areas) => shapesOf(areas).byStyle.get("occupied"));
    assert.equal(first?.fills[0], second?.fills[0]);
    assert.equal(first?.edges[0], second?.edges[0]);
  });
});

describe("texts", () => {
  test("have the moment of an assessment", () => {
    assert.equal(momentText(Date.parse("2025-07-19T20:50:00Z"), "en"), "19 July 2025, 20:50 UTC");
    assert.equal(momentText(Date.parse("2025-07-19T00:00:00Z"), "en"), "19 July 2025");
  });

  test("have the age of the latest assessment for a day without a new one", () => {
    /** @param {string} day */
    const on = (day) => assessmentText(assessedOn(HISTORY, toDay(day)), ASSESSOR, t, "en");
    assert.equal(on("2025-07-20"), "20 July 2025, 19:30 UTC");
    assert.equal(on("2025-07-22"), "20 July 2025, 19:30 UTC (2 days before the day shown; nothing newer)");
    assert.equal(on("2026-07-22"), "20 July 2025, 19:30 UTC (367 days before the day shown; nothing newer)");
    assert.equal(on("2025-07-01"), "no assessment yet; the first is from 18 July 2025, 20:10 UTC");
  });

  test("have square kilometres", () => {
    assert.equal(areaNumber(6.776, "en"), "6.8");
    assert.equal(areaNumber(114_062.4, "en"), "114,062");
    assert.equal(areaNumber(-6.776, "en", { signed: true }), "−6.8");
    assert.equal(areaNumber(6.776, "en", { signed: true }), "+6.8");
    assert.equal(areaNumber(-0.001, "en", { signed: true }), "0");
  });
});

test("a loaded history is converted to the page's statuses in order of time", () => {
  const ring = { id: 0, places: held, runs: null };
  const assessments = [
    { moment: 2000, covers: 3 },
    { moment: 1000, covers: 1 },
  ];
  const history = /** @type {any} */ ({
    order: Int32Array.of(1, 0),
    assessment: (/** @type {number} */ day) => assessments[day],
    areas: (/** @type {number} */ day) => [{ kind: day === 0 ? 2 : 1, polygons: [[ring]] }],
  });
  const observed = [{ valid_from: "1970-01-01T00:00:01.000Z", last_seen_at: "1970-01-01T00:00:01.500Z" }];
  const read = readHistory(ASSESSOR, history, ["occupied", "gray_zone"], observed);
  assert.deepEqual(read.validFrom, [1000, 2000]);
  assert.deepEqual(read.lastSeen, [1500, 2000]);
  assert.deepEqual(read.covers(0), ["occupied"]);
  assert.deepEqual(read.covers(1), ["occupied", "gray_zone"]);
  assert.deepEqual(read.areas(0), [{ status: "occupied", sinceBefore: true, rings: [held], runs: [null] }]);
  assert.equal(read.areas(1)[0]?.status, "gray_zone");
  assert.equal(read.areas(1)[0]?.rings[0], held, "the ring stays one object, so that it is projected once");
});
