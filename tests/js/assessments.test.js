import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { ageInDays, assessedOn, comparedDays, isOld, lineThen } from "../../static/js/data/assessments.js";
import { curveSteps } from "../../static/js/data/curve-steps.js";
import { createTranslate } from "../../static/js/lib/messages.js";
import { dayOf, toDay } from "../../static/js/time/day.js";
import { ageText, assessmentText, comparedText, sinceText } from "../../static/js/ui/area-text.js";

/** @import { AreaStatus, ControlArea, Territory } from "../../static/js/types.js" */

const vectors = JSON.parse(await readFile(new URL("vectors/assessments.json", import.meta.url), "utf8"));
const t = createTranslate({}, "en");
/** @type {AreaStatus[]} */
const COVERS = ["occupied", "gray_zone", "liberated"];
/** A square around 0.5, 0.5. */
const ring = Int32Array.of(0, 0, 100_000, 0, 100_000, 100_000, 0, 100_000);

/**
 * Returns a history of one place.
 * @param {{ valid_from: string, last_seen_at?: string, status: AreaStatus | null, covers?:
 *   AreaStatus[] }[]} assessments
 * @returns {Territory}
 */
const historyOf = (assessments) => ({
  assessor: /** @type {any} */ (null),
  validFrom: assessments.map(({ valid_from }) => Date.parse(valid_from)),
  lastSeen: assessments.map(({ valid_from, last_seen_at }) => Date.parse(last_seen_at ?? valid_from)),
  covers: (n) => assessments[n]?.covers ?? COVERS,
  areas(n) {
    const status = assessments[n]?.status;
    return status ? [/** @type {ControlArea} */ ({ status, sinceBefore: false, rings: [ring] })] : [];
  },
  prepare: () => true,
});

/** @param {string | null} text */
const msOf = (text) => (text === null ? null : Date.parse(text));

describe("the age of an assessment", () => {
  for (const { last_seen_at: seen, day, age_days: age, is_old: old } of vectors.ages) {
    test(`seen at ${seen}, on ${day}`, () => {
      assert.equal(ageInDays(Date.parse(seen), toDay(day)), age);
      assert.equal(isOld(age), old);
      assert.equal(ageText({ lastSeen: Date.parse(seen), age }, t, "en") !== "", old);
    });
  }

  const history = historyOf([
    { valid_from: "2025-08-03T20:10:00Z", last_seen_at: "2025-08-10T20:00:00Z", status: "occupied" },
  ]);

  test("is counted from when the areas were last seen", () => {
    assert.equal(assessedOn(history, toDay("2025-08-02")), null);
    assert.equal(assessedOn(history, toDay("2025-08-06"))?.age, 0, "seen again later, unchanged");
    assert.equal(assessedOn(history, toDay("2025-08-17"))?.age, 7);
    assert.equal(assessedOn(history, toDay("2026-08-04"))?.age, 359);
  });

  test("stands in the texts", () => {
    const assessed = assessedOn(history, toDay("2026-08-04"));
    assert.ok(assessed);
    assert.equal(ageText(assessed, t, "en"), "assessed 10 August 2025, 359 days before");
    assert.equal(
      assessmentText(assessed, /** @type {any} */ ({}), t, "en"),
      "3 August 2025, 20:10 UTC, seen unchanged until 10 August 2025 (359 days before the day shown; nothing newer)",
    );
  });
});

describe("the last change of a place", () => {
  for (const { what, assessments, status, after, by, text } of vectors.changes) {
    test(what, () => {
      const found = lineThen(historyOf(assessments), 0.5, 0.5, dayOf(assessments.at(-1).valid_from));
      assert.equal(found?.status, status);
      assert.deepEqual(found?.since, { after: msOf(after), by: msOf(by) });
      assert.equal(sinceText(found.since, t, "en"), text);
    });
  }
});

describe("compared days", () => {
  const history = historyOf([
    { valid_from: "2025-06-26T00:00:00Z", status: null },
    { valid_from: "2025-07-21T19:00:00Z", last_seen_at: "2025-07-25T00:00:00Z", status: "occupied" },
  ]);
  /** @param {string} from @param {string} to */
  const compared = (from, to) => {
    const days = comparedDays(history, { from: toDay(from), to: toDay(to) });
    return days && comparedText(days, t, "en");
  };

  test("are those on which the areas were last seen", () => {
    assert.equal(compared("2025-07-15", "2025-07-21"), "26 June → 21 July 2025");
    assert.equal(compared("2025-06-26", "2025-07-23"), "26 June → 23 July 2025");
    assert.equal(compared("2025-07-22", "2025-08-30"), "22 → 25 July 2025", "seen unchanged on both");
  });

  test("may be the same: then nothing can be compared", () => {
    assert.equal(compared("2025-07-01", "2025-07-15"), "Nothing to compare: both days show 26 June 2025");
    assert.equal(compared("2025-07-26", "2025-08-15"), "Nothing to compare: both days show 25 July 2025");
  });

  test("are unknown before the first assessment", () => assert.equal(compared("2025-06-01", "2025-07-21"), null));
});

describe("the curve", () => {
  /** @param {number} day @param {number} km2 @param {number} [seenDay] */
  const point = (day, km2, seenDay = day) => ({ day, km2, seenDay });
  const span = { from: 0, to: 100 };

  test("is whole while values are replaced before they are old", () => {
    assert.deepEqual(curveSteps([point(10, 1), point(18, 2)], span, 26).steps, [
      { from: 10, to: 18, km2: 1, gap: false },
      { from: 18, to: 26, km2: 2, gap: false },
    ]);
  });

  test("has gaps between assessments, and after the last one up to now", () => {
    assert.deepEqual(curveSteps([point(10.5, 1), point(19.5, 2)], span, 60).steps, [
      { from: 10.5, to: 11, km2: 1, gap: false },
      { from: 11, to: 19.5, km2: 1, gap: true },
      { from: 19.5, to: 20, km2: 2, gap: false },
      { from: 20, to: 60, km2: 2, gap: true },
    ]);
  });

  test("is whole for areas that were seen again", () => {
    assert.deepEqual(curveSteps([point(10, 1, 30.2)], span, 60).steps, [
      { from: 10, to: 31, km2: 1, gap: false },
      { from: 31, to: 60, km2: 1, gap: true },
    ]);
  });

  test("shows nothing before the first assessment and outside the period", () => {
    const { steps, least, most } = curveSteps([point(10, 1), point(12, 5), point(14, 3)], { from: 13, to: 15 }, 16);
    assert.deepEqual(steps, [
      { from: 13, to: 14, km2: 5, gap: false },
      { from: 14, to: 15, km2: 3, gap: false },
    ]);
    assert.deepEqual([least, most], [3, 5]);
    assert.deepEqual(curveSteps([point(10, 1)], { from: 0, to: 9 }, 16).steps, []);
  });
});
