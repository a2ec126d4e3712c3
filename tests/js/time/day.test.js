import assert from "node:assert/strict";
import { after, describe, it } from "node:test";

import { unitStart, unitsLater } from "../../../static/js/time/calendar.js";
import {
  civil,
  civilDay,
  dayOf,
  daysTouched,
  formatDay,
  formatMonth,
  formatRange,
  toDay,
  toIso,
} from "../../../static/js/time/day.js";

const ZONES = ["UTC", "Pacific/Honolulu", "America/New_York", "Europe/Kyiv", "Asia/Kathmandu", "Pacific/Kiritimati"];
const ownZone = process.env.TZ;

for (const zone of ZONES) {
  describe(`days in the time zone ${zone}`, () => {
    process.env.TZ = zone;

    it("are formatted and parsed", () => {
      process.env.TZ = zone;
      assert.equal(toDay("1970-01-01"), 0);
      assert.equal(toDay("1969-12-31"), -1);
      for (let day = toDay("2019-12-20"); day < toDay("2026-01-10"); day++) assert.equal(toDay(toIso(day)), day);
    });

    it("are the UTC days of moments", () => {
      process.env.TZ = zone;
      assert.equal(toIso(dayOf("2025-07-21T23:59:59Z")), "2025-07-21");
      assert.equal(toIso(dayOf("2025-07-21T00:00:00.000+00:00")), "2025-07-21");
      assert.equal(toIso(dayOf("2025-07-21T01:00:00+03:00")), "2025-07-20");
      assert.equal(toIso(dayOf("2025-07-21T23:00:00-05:00")), "2025-07-22");
      assert.equal(toIso(dayOf("1969-12-31T23:59:59Z")), "1969-12-31");
    });

    it("are formatted as UTC days", () => {
      process.env.TZ = zone;
      const day = toDay("2025-07-21");
      assert.equal(formatDay(day, "en"), "21 July 2025");
      assert.equal(formatDay(day, "uk"), "21 липня 2025 р.");
      assert.equal(formatRange({ from: toDay("2025-07-15"), to: day + 1 }, "en"), "15–21 July 2025");
    });
  });
}

describe("days", () => {
  after(() => {
    if (ownZone === undefined) delete process.env.TZ;
    else process.env.TZ = ownZone;
  });

  it("refuses dates that are not in the calendar", () => {
    for (const wrong of [
      "2024-02-30",
      "2023-02-29",
      "2024-13-01",
      "2024-00-10",
      "2024-01-00",
      "2024-1-1",
      "0000-01-01",
    ]) {
      assert.throws(() => toDay(wrong), RangeError, wrong);
    }
    for (const wrong of ["", "today", "infinity", "2024-01-01T00:00Z", " 2024-01-01", "20240101", "+12024-01-01"]) {
      assert.throws(() => toDay(wrong), RangeError, wrong);
    }
    assert.equal(toIso(toDay("2024-02-29")), "2024-02-29");
  });

  it("refuses moments without an offset and invalid moments", () => {
    for (const wrong of ["2025-07-21T10:00:00", "2025-07-21", "2024-02-30T00:00:00Z", "2025-07-21T25:00:00Z", "now"]) {
      assert.throws(() => dayOf(wrong), RangeError, wrong);
    }
  });

  it("refuses invalid day numbers", () => {
    for (const wrong of [NaN, Infinity, 0.5, 1e9, -1e9]) assert.throws(() => toIso(wrong), RangeError);
  });

  it("returns the days between two moments, without an end at midnight", () => {
    const day = toDay("2025-07-21");
    assert.deepEqual(daysTouched("2025-07-21T00:00:00Z", "2025-07-22T00:00:00Z"), { from: day, to: day + 1 });
    assert.deepEqual(daysTouched("2025-07-21T22:00:00Z", "2025-07-22T00:00:01Z"), { from: day, to: day + 2 });
    assert.deepEqual(daysTouched("2025-07-21T00:00:00Z", "2025-07-21T00:00:00Z"), { from: day, to: day + 1 });
  });

  it("returns the year, month and day of the month", () => {
    assert.deepEqual(civil(toDay("2025-07-21")), { year: 2025, month: 7, dayOfMonth: 21 });
    assert.equal(civilDay(2025, 2, 29), null);
    assert.equal(civilDay(0, 12, 31), null);
    assert.equal(civilDay(10_000, 1, 1), null);
  });

  it("reads and writes every day of the calendar", () => {
    for (const [iso, day] of /** @type {const} */ ([
      ["0001-01-01", -719_162],
      ["0025-07-01", -710_215],
      ["0100-01-01", -683_003],
      ["9999-12-31", 2_932_896],
    ])) {
      assert.equal(toDay(iso), day);
      assert.equal(toIso(day), iso);
    }
  });

  it("formats ranges inclusively", () => {
    const range = (/** @type {string} */ from, /** @type {string} */ to) => ({ from: toDay(from), to: toDay(to) });
    assert.equal(formatRange(range("2025-07-21", "2025-07-22"), "en"), "21 July 2025");
    assert.equal(formatRange(range("2025-06-28", "2025-07-05"), "en"), "28 June – 4 July 2025");
    assert.equal(formatRange(range("2024-12-28", "2025-01-04"), "en"), "28 December 2024 – 3 January 2025");
    assert.equal(formatRange(range("2025-07-15", "2025-07-22"), "uk"), "15–21 липня 2025 р.");
    assert.equal(formatRange(range("2025-07-15", "2025-07-22"), "en", { year: false }), "15–21 July");
    assert.equal(formatMonth(toDay("2025-07-15"), "en"), "July 2025");
    assert.equal(formatMonth(toDay("2025-07-15"), "uk", { year: false }), "липень");
  });
});

describe("weeks, months and years", () => {
  it("begin on Monday, on the first of the month, on 1 January", () => {
    assert.equal(toIso(unitStart("week", toDay("2025-07-21"))), "2025-07-21"); // a Monday
    assert.equal(toIso(unitStart("week", toDay("2025-07-20"))), "2025-07-14");
    assert.equal(toIso(unitStart("week", toDay("1969-12-31"))), "1969-12-29");
    assert.equal(toIso(unitStart("month", toDay("2024-02-29"))), "2024-02-01");
    assert.equal(toIso(unitStart("year", toDay("2024-12-31"))), "2024-01-01");
  });

  it("follow each other forwards and backwards", () => {
    assert.equal(toIso(unitsLater("month", toDay("2024-12-01"))), "2025-01-01");
    assert.equal(toIso(unitsLater("month", toDay("2024-03-01"), -15)), "2022-12-01");
    assert.equal(toIso(unitsLater("year", toDay("2024-01-01"), 2)), "2026-01-01");
    assert.equal(toIso(unitsLater("week", toDay("2025-07-21"), -1)), "2025-07-14");
    assert.throws(() => unitsLater("year", toDay("9999-01-01")), RangeError);
  });
});
