import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { axisLabels } from "../../../static/js/time/axis-labels.js";
import { toDay } from "../../../static/js/time/day.js";

/**
 * @param {string} from
 * @param {string} to
 * @param {number} width
 * @param {string} [language]
 */
const texts = (from, to, width, language = "en") =>
  axisLabels({ from: toDay(from), to: toDay(to) }, width, language).map(({ text }) => text);

describe("axis labels", () => {
  it("are months, with the year if needed", () => {
    assert.deepEqual(texts("2025-05-01", "2025-09-20", 900), ["May 2025", "June", "July", "August", "September"]);
    assert.deepEqual(texts("2024-11-01", "2025-03-20", 900), ["Nov 2024", "December", "2025", "February", "March"]);
    assert.deepEqual(texts("2024-11-01", "2025-03-20", 900, "uk"), [
      "лист. 2024",
      "грудень",
      "2025",
      "лютий",
      "березень",
    ]);
  });

  it("name the period at the left edge if there is room", () => {
    const [edge, next] = axisLabels({ from: toDay("2025-05-10"), to: toDay("2025-09-20") }, 900, "en");
    assert.deepEqual(edge, { day: toDay("2025-05-10"), text: "May 2025", edge: true });
    assert.equal(next?.text, "June");
    assert.deepEqual(texts("2025-05-28", "2025-09-20", 900)[0], "Jun 2025");
  });

  it("are days at high zoom and years at low zoom", () => {
    assert.deepEqual(texts("2025-07-15", "2025-07-21", 600), [
      "15 Jul 2025",
      "16 Jul",
      "17 Jul",
      "18 Jul",
      "19 Jul",
      "20 Jul",
    ]);
    assert.deepEqual(texts("2014-01-01", "2026-01-01", 400), ["2014", "2016", "2018", "2020", "2022", "2024"]);
    assert.deepEqual(texts("2022-02-24", "2025-12-31", 356), ["2022", "2023", "2024", "2025"]);
  });

  it("do not touch each other", () => {
    for (let days = 7; days < 5000; days = Math.ceil(days * 1.13)) {
      for (const width of [280, 356, 700, 1500]) {
        const span = { from: toDay("2022-03-17") + 0.3, to: toDay("2022-03-17") + 0.3 + days };
        const labels = axisLabels(span, width, "en");
        const places = labels.map(({ day, edge }) => (edge ? 0 : ((day - span.from) * width) / days));
        for (let i = 1; i < labels.length; i++) {
          const room = 7 * (labels[i - 1]?.text.length ?? 0);
          assert.ok((places[i] ?? 0) - (places[i - 1] ?? 0) >= room, `${days} days in ${width}: ${labels[i]?.text}`);
        }
      }
    }
  });
});
