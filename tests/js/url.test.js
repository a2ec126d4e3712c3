import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { linkTo, openingState, readAddress, writeAddress } from "../../static/js/state/url.js";
import { toDay, toIso } from "../../static/js/time/day.js";
import { CONFIG } from "./support/columns.js";

const ID = "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11";

/** @param {string} search */
const read = (search) => readAddress(search, CONFIG);
/** @param {string} search */
const stateOf = (search) => openingState(read(search).patch, CONFIG);
/** @param {string} search */
const roundTrip = (search) => writeAddress(stateOf(search), CONFIG);
/** The inclusive days of an address. @param {string} search */
const daysOf = (search) => {
  const { from, to } = stateOf(search).window;
  return [toIso(from), toIso(to - 1)];
};

describe("an address and the state it stands for", () => {
  test("nothing asked is the opening, and writes nothing", () => {
    assert.equal(roundTrip(""), "");
    assert.deepEqual(daysOf(""), ["2025-07-15", "2025-07-21"]);
    assert.deepEqual(read("").misread, []);
  });

  for (const search of [
    "?at=48.25057,37.12879,13",
    "?from=2025-07-01&to=2025-07-31",
    "?from=2025-07-01&to=2025-07-01&mode=day",
    "?from=2022-02-24&to=2025-07-21&mode=cumulative",
    "?category=clash,strike.drone&side=red&verification=geolocated,confirmed&q=E50%20%26%20more",
    "?colour=verification",
    `?at=-33.5,-151.25,4&from=2024-02-29&to=2024-03-01&side=red,blue&event=${ID}`,
  ]) {
    test(`comes back as it went: ${search}`, () => {
      assert.equal(roundTrip(search), search);
      assert.deepEqual(read(search).misread, []);
    });
  }

  test("dates are inclusive outside and half-open inside", () => {
    const { window } = stateOf("?from=2025-07-21&to=2025-07-21");
    assert.deepEqual(window, { from: toDay("2025-07-21"), to: toDay("2025-07-22") });
  });

  test("the order of latitude and longitude is that of the contract", () => {
    assert.deepEqual(stateOf("?at=48.5,37.25,9").view, { latitude: 48.5, longitude: 37.25, zoom: 9 });
  });

  test("a link that is handed on writes place and days even where they are the opening's", () => {
    const state = stateOf(`?event=${ID}`);
    const complete = `?at=48.27,37.1,11&from=2025-07-15&to=2025-07-21&event=${ID}`;
    assert.equal(writeAddress(state, CONFIG, { complete: true }), complete);
    const here = { origin: "https://map.example", pathname: "/", search: "?fbclid=1" };
    assert.equal(linkTo(state, CONFIG, here), `https://map.example/${complete}`);
    assert.equal(linkTo(state, CONFIG, { ...here, search: "?lang=uk" }), `https://map.example/${complete}&lang=uk`);
  });

  test("a map that was dragged round the globe is written as one that was not", () => {
    const state = openingState({ view: { longitude: 397.5, latitude: 48, zoom: 5 } }, CONFIG);
    assert.equal(writeAddress(state, CONFIG), "?at=48,37.5,5");
  });

  test("an event opens its card", () => {
    const { selected, stacked, panel } = stateOf(`?event=${ID.toUpperCase()}`);
    assert.deepEqual({ selected, stacked, panel }, { selected: ID, stacked: [ID], panel: "card" });
  });
});

describe("one end of a window brings a week", () => {
  test("only from", () => assert.deepEqual(daysOf("?from=2025-03-01"), ["2025-03-01", "2025-03-07"]));
  test("only to", () => assert.deepEqual(daysOf("?to=2025-03-07"), ["2025-03-01", "2025-03-07"]));
  test("in mode day the last day counts", () =>
    assert.deepEqual(daysOf("?from=2025-03-01&to=2025-03-07&mode=day"), ["2025-03-07", "2025-03-07"]));
});

describe("what cannot be read falls back, and is told", () => {
  for (const [search, parameter] of [
    ["?from=2024-02-30", "from"],
    ["?to=yesterday", "to"],
    ["?at=NaN,37,9", "at"],
    ["?at=48,37", "at"],
    ["?at=95,37,9", "at"],
    ["?at=,,", "at"],
    ["?at=48,37,Infinity", "at"],
    ["?mode=year", "mode"],
    ["?colour=red", "colour"],
    ["?category=clash,flags", "category"],
    ["?side=green", "side"],
    ["?verification=sure", "verification"],
    ["?source_class=good", "source_class"],
    ["?origin=nobody", "origin"],
    ["?event=1", "event"],
  ]) {
    test(`${search}`, () => {
      const { misread } = read(/** @type {string} */ (search));
      assert.deepEqual(
        misread.map((one) => one.parameter),
        [parameter],
      );
    });
  }

  test("what is known of a list is kept", () => {
    assert.deepEqual(stateOf("?category=clash,flags,clash").filters.category, ["clash"]);
  });

  test("from after to: both are told, and the opening is shown", () => {
    const { misread } = read("?from=2025-07-21&to=2025-07-01");
    assert.deepEqual(
      misread.map(({ parameter }) => parameter),
      ["from", "to"],
    );
    assert.deepEqual(daysOf("?from=2025-07-21&to=2025-07-01"), ["2025-07-15", "2025-07-21"]);
  });

  test("parameters that nobody knows are no matter", () => {
    assert.deepEqual(read("?fbclid=x&utm_source=y").misread, []);
    assert.equal(roundTrip("?fbclid=x"), "");
  });
});

describe("territory in an address", () => {
  /** @type {import("../../static/js/types.js").Assessor} */
  const assessor = {
    slug: "isw",
    name: "ISW",
    home_page: null,
    licence: null,
    attribution: null,
    definition: "",
    covers: ["occupied"],
    assessments: 1,
    first_valid_from: null,
    last_valid_from: null,
  };
  const config = { ...CONFIG, assessors: [assessor, { ...assessor, slug: "ours" }] };

  test("whose areas, and whose line over them", () => {
    const { patch, misread } = readAddress("?assessor=ours,isw", config);
    assert.deepEqual(patch.assessors, ["ours", "isw"]);
    assert.deepEqual(misread, []);
    assert.equal(writeAddress(openingState(patch, config), config), "?assessor=ours,isw");
    assert.deepEqual(readAddress("?assessor=nobody", config).misread, [{ parameter: "assessor", value: "nobody" }]);
  });

  test("the two days that are compared", () => {
    const { patch } = readAddress("?compare=2025-07-18,2025-07-20", config);
    assert.deepEqual(patch.compare, { from: toDay("2025-07-18"), to: toDay("2025-07-20") });
    assert.equal(writeAddress(openingState(patch, config), config), "?compare=2025-07-18,2025-07-20");
    for (const wrong of [
      "2025-07-20,2025-07-18",
      "2025-07-18",
      "2025-07-18,2025-07-18",
      "x,y",
      "2025-07-01,2025-07-02,2025-07-03",
    ]) {
      assert.equal(readAddress(`?compare=${wrong}`, config).misread.length, 1, wrong);
    }
  });
});

describe("wherever the reader is", () => {
  const script = `
    const { readAddress, writeAddress, openingState } = await import("./static/js/state/url.js");
    const { CONFIG } = await import("./tests/js/support/columns.js");
    const search = "?from=2025-03-30&to=2025-10-26&mode=cumulative";
    process.stdout.write(writeAddress(openingState(readAddress(search, CONFIG).patch, CONFIG), CONFIG));`;
  for (const TZ of ["Pacific/Honolulu", "America/Los_Angeles", "Europe/Kyiv", "Pacific/Auckland"]) {
    test(`the same days in ${TZ}`, () => {
      const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
        env: { ...process.env, TZ },
        encoding: "utf8",
      });
      assert.equal(stdout, "?from=2025-03-30&to=2025-10-26&mode=cumulative", stderr);
    });
  }
});
