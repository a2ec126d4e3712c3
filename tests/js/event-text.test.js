import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTranslate } from "../../static/js/lib/messages.js";
import { formatDistance } from "../../static/js/lib/numbers.js";
import { CATEGORY_GUESSED } from "../../static/js/lib/flags.js";
import { webLink } from "../../static/js/lib/web-link.js";
import {
  affectedText,
  disagreementText,
  kindText,
  onlyWarringText,
  sensitivityText,
  sourceKindText,
  stanceText,
  verificationText,
} from "../../static/js/ui/event-text.js";
import { hitText } from "../../static/js/ui/hit-text.js";
import { plainFields } from "../../static/js/ui/plain-fields.js";
import { groupedByDay } from "../../static/js/ui/list-groups.js";
import { dayText, whenText } from "../../static/js/ui/when-text.js";
import { fromPlaceText, placeText, precisionText } from "../../static/js/ui/where-text.js";
import { CONFIG, columnsOf } from "./support/columns.js";

const t = createTranslate({}, "en");

/**
 * @param {string} from
 * @param {string} to
 * @param {string} precision
 */
function when(from, to, precision, inferred = false) {
  const event = { happened_from: from, happened_to: to, time_precision: precision, time_inferred: inferred };
  const words = whenText(event, t, "en");
  return words.note ? `${words.text} (${words.note})` : words.text;
}

describe("time of an event", () => {
  test("one day and several days are formatted", () => {
    assert.equal(when("2025-07-21T00:00:00Z", "2025-07-22T00:00:00Z", "day"), "21 July 2025");
    assert.equal(when("2025-07-17T00:00:00Z", "2025-07-23T00:00:00Z", "day"), "17–22 July 2025");
    assert.equal(when("2025-06-28T00:00:00Z", "2025-07-05T00:00:00Z", "day"), "28 June – 4 July 2025");
  });

  test("months and years are formatted", () => {
    assert.equal(when("2024-08-01T00:00:00Z", "2024-09-01T00:00:00Z", "month"), "August 2024 (known to the month)");
    assert.match(when("2024-08-01T00:00:00Z", "2024-10-01T00:00:00Z", "month"), /^August.–.September 2024 \(known/);
    assert.equal(when("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "year"), "2024 (known to the year)");
  });

  test("hours and minutes are in UTC and marked as UTC", () => {
    assert.equal(when("2025-07-21T14:05:00Z", "2025-07-21T14:06:00Z", "minute"), "21 July 2025, 14:05 UTC");
    assert.equal(when("2025-07-21T14:05:00Z", "2025-07-21T15:31:00Z", "minute"), "21 July 2025, 14:05–15:30 UTC");
    assert.equal(
      when("2025-07-21T14:00:00Z", "2025-07-21T15:00:00Z", "hour"),
      "21 July 2025, 14:00–15:00 UTC (known to the hour)",
    );
    assert.equal(
      when("2025-07-21T23:00:00Z", "2025-07-22T00:00:00Z", "hour"),
      "21 July 2025, 23:00–00:00 UTC (known to the hour)",
    );
    assert.equal(
      when("2025-07-21T22:00:00Z", "2025-07-22T03:00:00Z", "hour"),
      "21 July 2025, 22:00 – 22 July 2025, 03:00 UTC (known to the hour)",
    );
  });

  test("an inferred time is marked", () => {
    const event = { happened_from: "2025-07-19T00:00:00Z", happened_to: "2025-07-22T00:00:00Z", time_precision: "day" };
    assert.equal(whenText({ ...event, time_inferred: true }, t, "en").inferred, "inferred, not stated by the source");
    assert.equal(whenText({ ...event, time_inferred: false }, t, "en").inferred, null);
  });

  test("dates are in the reader's language", () => {
    const event = {
      happened_from: "2025-07-21T00:00:00Z",
      happened_to: "2025-07-22T00:00:00Z",
      time_precision: "day",
      time_inferred: false,
    };
    assert.match(whenText(event, t, "uk").text, /^21 липня 2025/);
  });

  test("a publication has a short date or none", () => {
    assert.equal(dayText("2025-07-23T23:30:00Z", "en"), "23 Jul 2025");
    assert.equal(dayText("2025-07-23T23:30:00-02:00", "en"), "24 Jul 2025");
    assert.equal(dayText(null, "en"), null);
  });
});

describe("place of an event", () => {
  test("the precision of points, lines and areas is formatted", () => {
    assert.equal(precisionText(100, "Point", t, "en"), "within 100 m of this point");
    assert.equal(precisionText(2500, "Point", t, "en"), "within 2.5 km of this point");
    assert.equal(precisionText(5000, "LineString", t, "en"), "within 5 km of this line");
    assert.equal(precisionText(1000, "MultiPolygon", t, "en"), "within 1 km of this area");
    assert.equal(precisionText(null, "Point", t, "en"), "precision unknown");
    assert.equal(formatDistance(101_234, "en"), "101 km");
  });

  test("a place has each other spelling once", () => {
    const zvirove = { name: "Zvirove", names: { uk: "Звірове" } };
    assert.equal(placeText({ ...zvirove, as_spelled: "Zverovo" }, t, "en"), "Zvirove (Звірове, “Zverovo”)");
    assert.equal(placeText({ ...zvirove, as_spelled: "Zvirove" }, t, "en"), "Zvirove (Звірове)");
    assert.equal(placeText({ ...zvirove, as_spelled: "Zverovo" }, t, "uk"), "Звірове (Zvirove, “Zverovo”)");
    assert.equal(placeText({ name: "Zvirove", names: {} }, t, "en"), "Zvirove");
    assert.equal(placeText({ name: "Kamikaze hill", names: {}, as_spelled: null }, t, "en"), "Kamikaze hill");
  });

  test("the direction from a settlement is one of eight, or the settlement itself", () => {
    assert.equal(fromPlaceText("Zvirove", 290, 180, t, "en"), "0.3 km south of Zvirove");
    assert.equal(fromPlaceText("Zvirove", 12_400, 225, t, "en"), "12 km south-west of Zvirove");
    assert.equal(fromPlaceText("Zvirove", 1_000, 350, t, "en"), "1 km north of Zvirove");
    assert.equal(fromPlaceText("Zvirove", 1_000, -90, t, "en"), "1 km west of Zvirove");
    assert.equal(fromPlaceText("Zvirove", 99, 180, t, "en"), "in Zvirove");
    const winds = [0, 45, 90, 135, 180, 225, 270, 315].map((bearing) => fromPlaceText("Z", 1000, bearing, t, "en"));
    assert.equal(new Set(winds).size, 8);
  });
});

describe("claims", () => {
  test("observers assert, belligerents and unnamed parties claim, in singular and plural", () => {
    /** @param {string} kind @param {"asserts" | "denies"} stance */
    const verb = (kind, stance = "asserts") => stanceText({ party_kind: kind, stance }, t).verb;
    assert.equal(verb("think_tank"), "asserts");
    assert.equal(verb("outlet"), "asserts");
    assert.equal(verb("bloggers"), "claim");
    assert.equal(verb("unnamed"), "claim");
    assert.equal(verb("general_staff"), "claims");
    assert.equal(verb("official", "denies"), "denies");
    assert.equal(verb("bloggers", "denies"), "deny");
    assert.equal(stanceText({ party_kind: "outlet", stance: "denies" }, t).tone, "denies");
  });

  test("only claims about the event disagree", () => {
    /** @type {{ stance: "asserts" | "denies", about: "event" | "area" }[]} */
    const claims = [
      { stance: "asserts", about: "event" },
      { stance: "asserts", about: "event" },
      { stance: "denies", about: "event" },
      { stance: "denies", about: "area" },
    ];
    assert.equal(disagreementText(claims, t), "Disputed: 2 for, 1 against");
    assert.equal(disagreementText(claims.slice(0, 2), t), null);
    assert.equal(disagreementText(claims.slice(2), t), null);
  });
});

test("a source class is shown only if all sources share it", () => {
  /** @param {import("../../static/js/types.js").EventSource["source_class"][]} classes */
  const words = (...classes) =>
    onlyWarringText(
      classes.map((source_class) => ({ source_class })),
      t,
    );
  assert.equal(words("party", "party"), "only party sources");
  assert.equal(words("party", "state_affiliated"), "no independent source");
  assert.equal(words("state_affiliated"), "no independent source");
  assert.equal(words("party", "independent"), null);
  assert.equal(words("party", "unknown"), null);
  assert.equal(words("unknown"), null);
  assert.equal(words(), null);
});

describe("plain fields", () => {
  /** @type {import("../../static/js/types.js").PlainField[]} */
  const fields = [
    { name: "unit", type: "text", title: "Unit", words: {} },
    { name: "weapon", type: "word", title: "Weapon", words: { drone: "Drone", unknown: "Not known" } },
    { name: "tags", type: "words", title: "Tags", words: { a: "Alpha" } },
    { name: "count", type: "number", title: "Count", words: {} },
    { name: "seen_at", type: "moment", title: "Seen at", words: {} },
    { name: "filmed", type: "flag", title: "Filmed", words: {} },
    { name: "guessed", type: "flag", title: "Guessed", default: false, words: {} },
  ];
  /** @param {object} properties */
  const texts = (properties) =>
    plainFields(fields, properties, { language: "en" }, t).map(({ title, value }) => `${title}: ${value}`);

  test("texts, words, lists, numbers and flags are formatted", () => {
    assert.deepEqual(texts({ unit: "47th", weapon: "drone", tags: ["a", "b"], count: 12904, filmed: false }), [
      "Unit: 47th",
      "Weapon: Drone",
      "Tags: Alpha, b",
      "Count: 12,904",
      "Filmed: no",
    ]);
  });

  test("moments are formatted to the minute", () => {
    assert.deepEqual(texts({ seen_at: "2025-07-21T14:05:00Z" }), ["Seen at: 21 July 2025, 14:05 UTC"]);
  });

  test("missing and unknown values are omitted", () => {
    assert.deepEqual(texts({ unit: null, weapon: "unknown", tags: [], guessed: false }), []);
    assert.deepEqual(texts({ guessed: true }), ["Guessed: yes"]);
    assert.deepEqual(texts({ unit: "", title: "not among them" }), []);
    assert.deepEqual(texts({ unit: "unknown" }), ["Unit: unknown"], "free text is always shown");
  });
});

test("the text beside the pointer says that a category is guessed, as the card does", () => {
  const day = "2025-07-21";
  const columns = columnsOf([
    { day, category: "strike.drone", actor: "red", flags: CATEGORY_GUESSED },
    { day, category: "clash", verification: "reported" },
  ]);
  const selection = { get: () => ({ columns, mask: new Uint8Array(2).fill(1), count: 2 }), watch: () => () => {} };
  /** @param {number} row */
  const words = (row) => hitText(row, [row], { selection, config: CONFIG, t });
  assert.equal(words(0), "Drone strike (guessed from the text) · 21 July 2025 · Geolocated");
  assert.equal(words(1), "Clash · 21 July 2025 · Reported");
});

describe("category and sides", () => {
  const config = /** @type {import("../../static/js/types.js").Config} */ (
    /** @type {unknown} */ ({
      theatre: {
        categories: [{ slug: "strike.drone", name: "Drone strike", parent: "strike" }],
        belligerents: [{ slug: "a", name: "Aland", adjective: "Alandish" }],
      },
    })
  );

  test("names of categories and sides come from the theatre; unknown slugs stay unchanged", () => {
    assert.equal(kindText({ category: "strike.drone", actor: "a" }, config, t), "Drone strike · by Alandish forces");
    assert.equal(kindText({ category: "strike.drone", actor: null }, config, t), "Drone strike");
    assert.equal(kindText({ category: "old", actor: "gone" }, config, t), "old");
    assert.equal(affectedText({ affected: "a" }, config, t), "Aland: its people or equipment are shown or hit");
    assert.equal(affectedText({ affected: null }, config, t), "Unknown or both");
  });

  test("every value of the closed lists has a text", () => {
    for (const word of ["reported", "geolocated", "confirmed", "disputed", "refuted"]) {
      assert.ok(verificationText(word, t).meaning, word);
    }
    for (const word of ["graphic", "civilians", "own_positions", "personal_data", "prisoners"]) {
      assert.notEqual(sensitivityText(word, t), word);
    }
    for (const word of ["footage", "geolocation", "report", "statement"]) assert.equal(sourceKindText(word, t), word);
  });
});

test("only http and https are links", () => {
  assert.deepEqual(webLink("https://www.understandingwar.org/x"), {
    href: "https://www.understandingwar.org/x",
    site: "understandingwar.org",
  });
  for (const given of ["javascript:alert(1)", "data:text/html,x", "//x.org/y", "x.org", "", null, undefined]) {
    assert.equal(webLink(given), null, String(given));
  }
});

test("the list groups events with month precision under the month", () => {
  /** @param {string} id @param {string} from @param {string} to @param {string} precision */
  const event = (id, from, to, precision) =>
    /** @type {import("../../static/js/types.js").EventFeature} */ (
      /** @type {unknown} */ ({
        id,
        properties: { happened_from: from, happened_to: to, time_precision: precision, time_inferred: false },
      })
    );
  const groups = groupedByDay(
    [
      event("a", "2025-07-21T18:00:00Z", "2025-07-21T19:00:00Z", "hour"),
      event("b", "2025-07-21T00:00:00Z", "2025-07-22T00:00:00Z", "day"),
      event("c", "2025-07-01T00:00:00Z", "2025-07-02T00:00:00Z", "day"),
      event("d", "2025-07-01T00:00:00Z", "2025-08-01T00:00:00Z", "month"),
    ],
    t,
    "en",
  );
  assert.deepEqual(
    groups.map(({ heading, events }) => [heading, events.map(({ id }) => id).join("")]),
    [
      ["21 July 2025", "ab"],
      ["1 July 2025", "c"],
      ["July 2025 (known to the month)", "d"],
    ],
  );
});
