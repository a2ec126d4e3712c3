import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { formatDay, toDay, toIso } from "../../../static/js/time/day.js";
import { parseDay } from "../../../static/js/time/parse-day.js";

describe("a typed day", () => {
  for (const [text, iso, language = "en"] of [
    ["2025-07-21", "2025-07-21"],
    [" 2025/7/1 ", "2025-07-01"],
    ["21 July 2025", "2025-07-21"],
    ["21 jul 2025", "2025-07-21"],
    ["21 Sept. 2025", "2025-09-21"],
    ["July 21, 2025", "2025-07-21"],
    ["Monday, 21st July 2025", "2025-07-21"],
    ["21.07.2025", "2025-07-21"],
    ["1/7/2025", "2025-07-01"],
    ["2025-07-21T23:30:00-03:00", "2025-07-22"],
    ["21 липня 2025 р.", "2025-07-21", "uk"],
    ["21 лип. 2025 р.", "2025-07-21", "uk"],
    ["1 Листопада 2024", "2024-11-01", "uk"],
    ["липень 21, 2025", "2025-07-21", "uk"],
    ["21 July 2025", "2025-07-21", "uk"],
  ]) {
    it(`${text} (${language})`, () => {
      const day = parseDay(text, language);
      assert.equal(day === null ? null : toIso(day), iso);
    });
  }

  for (const text of [
    "",
    "yesterday",
    "2025",
    "30 February 2025",
    "2024-02-30",
    "07/21/2025",
    "21 Ju 2025",
    "21 Ma 2025",
  ]) {
    it(`is refused, not guessed: "${text}"`, () => assert.equal(parseDay(text, "en"), null));
  }

  it("is read as every page writes it", () => {
    for (const language of ["en", "uk"]) {
      for (const month of /** @type {const} */ (["long", "short"])) {
        for (let day = toDay("2024-01-01"); day < toDay("2025-01-01"); day += 3) {
          assert.equal(parseDay(formatDay(day, language, { month }), language), day);
        }
      }
    }
  });
});
