import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { addsEntry, linkTo, openingState, readAddress, writeAddress } from "../../static/js/state/url.js";
import { toDay, toIso } from "../../static/js/time/day.js";
import { CONFIG } from "./support/columns.js";

const ID = "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11";

/** @param {string} search */
const read = (search) => readAddress(search, CONFIG);
/** @param {string} search */
const stateOf = (search) => openingState(read(search).patch, CONFIG);
/** @param {string} search */
const roundTrip = (search) => writeAddress(stateOf(search));
/** The place and the days of the opening view, which every address has. */
const AT = "at=48.27,37.1,11";
const DAYS = "from=2025-07-15&to=2025-07-21";
/** Returns the inclusive days of a URL. @param {string} search */
const daysOf = (search) => {
  const { from, to } = stateOf(search).window;
  return [toIso(from), toIso(to - 1)];
};

describe("URL and state", () => {
  test("an empty query is the initial state, whose address has its place and days", () => {
    assert.equal(roundTrip(""), `?${AT}&${DAYS}`);
    assert.deepEqual(daysOf(""), ["2025-07-15", "2025-07-21"]);
    assert.deepEqual(read("").misread, []);
  });

  for (const search of [
    `?at=48.25057,37.12879,13&${DAYS}`,
    `?${AT}&from=2025-07-01&to=2025-07-31`,
    `?${AT}&from=2025-07-01&to=2025-07-01&mode=day`,
    `?${AT}&from=2022-02-24&to=2025-07-21&mode=cumulative`,
    `?${AT}&${DAYS}&category=clash,strike.drone&side=red&verification=geolocated,confirmed&q=E50%20%26%20more`,
    `?${AT}&${DAYS}&colour=verification&compare=2025-07-16,2025-07-20&panel=list`,
    `?at=-33.5,-151.25,4&from=2024-02-29&to=2024-03-01&side=red,blue&event=${ID}`,
  ]) {
    test(`round-trips: ${search}`, () => {
      assert.equal(roundTrip(search), search);
      assert.deepEqual(read(search).misread, []);
    });
  }

  for (const [old, now] of [
    ["?at=48.25057,37.12879,13", `?at=48.25057,37.12879,13&${DAYS}`],
    ["?from=2025-07-01&to=2025-07-31", `?${AT}&from=2025-07-01&to=2025-07-31`],
    ["?to=2025-07-10&mode=day", `?${AT}&from=2025-07-10&to=2025-07-10&mode=day`],
    ["?from=2022-02-24&to=2025-07-21&mode=cumulative", `?${AT}&from=2022-02-24&to=2025-07-21&mode=cumulative`],
    ["?category=clash&side=red&colour=actor", `?${AT}&${DAYS}&category=clash&side=red&colour=actor`],
    ["?compare=2025-07-18,2025-07-20", `?${AT}&${DAYS}&compare=2025-07-18,2025-07-20`],
    [`?event=${ID}`, `?${AT}&${DAYS}&event=${ID}`],
    ["?fbclid=1&mode=window", `?${AT}&${DAYS}`],
  ]) {
    test(`an old address stays readable: ${old}`, () => {
      assert.equal(roundTrip(/** @type {string} */ (old)), now);
      assert.deepEqual(read(/** @type {string} */ (old)).misread, []);
    });
  }

  test("the days of an address stay when the opening view moves on", () => {
    const tomorrow = { ...CONFIG, opening: { from: "2025-07-16", to: "2025-07-22" } };
    const cited = readAddress(roundTrip(""), tomorrow).patch;
    assert.deepEqual(cited.window, stateOf("").window);
  });

  test("dates are inclusive in the URL and half-open in the state", () => {
    const { window } = stateOf("?from=2025-07-21&to=2025-07-21");
    assert.deepEqual(window, { from: toDay("2025-07-21"), to: toDay("2025-07-22") });
  });

  test("latitude and longitude are in the documented order", () => {
    assert.deepEqual(stateOf("?at=48.5,37.25,9").view, { latitude: 48.5, longitude: 37.25, zoom: 9 });
  });

  test("a shared link is the address with the language", () => {
    const state = stateOf(`?event=${ID}`);
    const complete = `?${AT}&${DAYS}&event=${ID}`;
    const here = { origin: "https://map.example", pathname: "/", search: "?fbclid=1" };
    assert.equal(linkTo(state, here), `https://map.example/${complete}`);
    assert.equal(linkTo(state, { ...here, search: "?lang=uk" }), `https://map.example/${complete}&lang=uk`);
  });

  test("a map that was dragged around the globe has a normalised URL", () => {
    const state = openingState({ view: { longitude: 397.5, latitude: 48, zoom: 5 } }, CONFIG);
    assert.equal(writeAddress(state), `?at=48,37.5,5&${DAYS}`);
  });

  test("an event id opens its card", () => {
    const { selected, spot, panel } = stateOf(`?event=${ID.toUpperCase()}`);
    assert.deepEqual({ selected, spot, panel }, { selected: ID, spot: null, panel: "card" });
  });
});

describe("a window with one end is a week", () => {
  test("only from", () => assert.deepEqual(daysOf("?from=2025-03-01"), ["2025-03-01", "2025-03-07"]));
  test("only to", () => assert.deepEqual(daysOf("?to=2025-03-07"), ["2025-03-01", "2025-03-07"]));
  test("in day mode the window is the last day", () =>
    assert.deepEqual(daysOf("?from=2025-03-01&to=2025-03-07&mode=day"), ["2025-03-07", "2025-03-07"]));
});

describe("invalid parameters fall back to defaults and are reported", () => {
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

  test("valid values of a list are used", () => {
    assert.deepEqual(stateOf("?category=clash,flags,clash").filters.category, ["clash"]);
  });

  test("from after to: both are reported, and the initial days are used", () => {
    const { misread } = read("?from=2025-07-21&to=2025-07-01");
    assert.deepEqual(
      misread.map(({ parameter }) => parameter),
      ["from", "to"],
    );
    assert.deepEqual(daysOf("?from=2025-07-21&to=2025-07-01"), ["2025-07-15", "2025-07-21"]);
  });

  test("unknown parameters are ignored", () => {
    assert.deepEqual(read("?fbclid=x&utm_source=y").misread, []);
    assert.equal(roundTrip("?fbclid=x"), roundTrip(""));
  });
});

describe("territory in a URL", () => {
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

  test("has the assessor of the areas and of the line", () => {
    const { patch, misread } = readAddress("?assessor=ours,isw", config);
    assert.deepEqual(patch.assessors, ["ours", "isw"]);
    assert.deepEqual(misread, []);
    assert.equal(writeAddress(openingState(patch, config)), `?${AT}&${DAYS}&assessor=ours,isw`);
    assert.deepEqual(readAddress("?assessor=nobody", config).misread, [{ parameter: "assessor", value: "nobody" }]);
  });

  test("has the assessor even where it is the default, because a newer one may become the default", () => {
    const { patch } = readAddress("", config);
    const address = writeAddress(openingState(patch, config));
    assert.equal(address, `?${AT}&${DAYS}&assessor=isw`);
    const newer = { ...config, assessors: config.assessors.toReversed() };
    assert.deepEqual(readAddress(address, newer).patch.assessors, ["isw"]);
  });

  test("has the two compared days", () => {
    const { patch } = readAddress("?compare=2025-07-18,2025-07-20", config);
    assert.deepEqual(patch.compare, { from: toDay("2025-07-18"), to: toDay("2025-07-20") });
    assert.equal(
      writeAddress(openingState(patch, config)),
      `?${AT}&${DAYS}&assessor=isw&compare=2025-07-18,2025-07-20`,
    );
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

describe("a history entry is added", () => {
  const before = stateOf("");
  const filters = { ...before.filters, category: ["clash"] };
  const window = { from: before.window.from - 1, to: before.window.to - 1 };
  /** @type {[string, Partial<import("../../static/js/types.js").State>, boolean][]} */
  const changes = [
    ["by a filter", { filters }, true],
    ["by a search", { filters: { ...before.filters, q: "E50" } }, true],
    ["by an opened event", { selected: ID, panel: "card" }, true],
    ["by compared days", { compare: { from: 1, to: 2 } }, true],
    ["by a finished choice of days", { window, choices: 1 }, true],
    ["not by a drag or a step of playback", { window }, false],
    ["not by a movement of the map", { view: { longitude: 1, latitude: 2, zoom: 3 } }, false],
    ["not by the list", { panel: "list" }, false],
  ];
  for (const [name, patch, adds] of changes) {
    test(name, () => assert.equal(addsEntry(before, { ...before, ...patch }), adds));
  }
  test("by a filter that is taken away, but not by a closed event", () => {
    assert.equal(addsEntry({ ...before, filters }, before), true);
    assert.equal(addsEntry({ ...before, selected: ID }, before), false);
  });
});

describe("time zones", () => {
  const script = `
    const { readAddress, writeAddress, openingState } = await import("./static/js/state/url.js");
    const { CONFIG } = await import("./tests/js/support/columns.js");
    const search = "?from=2025-03-30&to=2025-10-26&mode=cumulative";
    process.stdout.write(writeAddress(openingState(readAddress(search, CONFIG).patch, CONFIG)));`;
  for (const TZ of ["Pacific/Honolulu", "America/Los_Angeles", "Europe/Kyiv", "Pacific/Auckland"]) {
    test(`has the same days in ${TZ}`, () => {
      const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
        env: { ...process.env, TZ },
        encoding: "utf8",
      });
      assert.equal(stdout, `?${AT}&from=2025-03-30&to=2025-10-26&mode=cumulative`, stderr);
    });
  }
});
