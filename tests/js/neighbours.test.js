import assert from "node:assert/strict";
import { test } from "node:test";
import { boxOfNearest, byDistance, common } from "../../static/js/ui/list-nearest.js";
import { eventOf, nextRow, questionFor, rowsOn, standing } from "../../static/js/ui/neighbours.js";
import { inBox } from "../../static/js/data/in-box.js";
import { gridX, gridY } from "../../static/js/lib/grid.js";
import { toDay, toIso } from "../../static/js/time/day.js";

/** @import { Bounds, EventColumns, EventFeature, Selection } from "../../static/js/types.js" */

/** Events by day and id, as in columns: two at one position and day, a line, one far away. */
const events = [
  point("a", "2025-07-17", 37.172, 48.264, 6),
  point("b", "2025-07-19", 37.1, 48.2),
  point("c", "2025-07-19", 37.1, 48.2),
  line("d", "2025-07-21", [[37.17706, 48.28014], [35.86878, 48.53214]]), // prettier-ignore
  point("e", "2025-07-21", 30.5, 50.4),
  point("f", "2025-07-25", 37.12, 48.22),
];

/** @param {string} id @param {string} from @param {number} longitude @param {number} latitude */
function point(id, from, longitude, latitude, days = 1) {
  return feature(id, from, days, { type: "Point", coordinates: [longitude, latitude] });
}

/** @param {string} id @param {string} from @param {number[][]} coordinates */
function line(id, from, coordinates) {
  return feature(id, from, 1, { type: "LineString", coordinates });
}

/**
 * @param {string} id
 * @param {string} from
 * @param {number} days
 * @param {import("geojson").Geometry} geometry
 */
function feature(id, from, days, geometry) {
  const happened = { happened_from: `${from}T00:00:00Z`, happened_to: `${toIso(toDay(from) + days)}T00:00:00Z` };
  const properties = { ...happened, days };
  return /** @type {EventFeature & { properties: { days: number } }} */ (
    /** @type {unknown} */ ({ id, geometry, properties })
  );
}

/** @param {string} without ids that the filters exclude @returns {Selection} */
function selection(without = "") {
  /** @type {number[][]} */
  const places = events.map(({ geometry }) => (geometry.type === "Point" ? geometry.coordinates : [36.5, 48.45]));
  const columns = /** @type {EventColumns} */ (
    /** @type {unknown} */ ({
      count: events.length,
      extent: { from: toDay("2025-07-17"), to: toDay("2025-07-26") },
      day: Int32Array.from(events, ({ properties }) => toDay(properties.happened_from.slice(0, 10))),
      days: Int32Array.from(events, ({ properties }) => properties.days),
      x: Int32Array.from(places, ([longitude]) => gridX(longitude ?? NaN)),
      y: Int32Array.from(places, ([, latitude]) => gridY(latitude ?? NaN)),
      shapes: new Map([[3, { id: "d", geometry: events[3]?.geometry }]]),
    })
  );
  const mask = Uint8Array.from(events, ({ id }) => Number(!without.includes(id)));
  return { columns, mask, count: mask.reduce((sum, one) => sum + one, 0) };
}

/** @param {string} id */
const named = (id) => /** @type {EventFeature} */ (events.find((event) => event.id === id));

/**
 * @param {Selection} chosen
 * @param {string} id
 * @param {1 | -1} direction
 * @param {Bounds | null} [box]
 */
function step(chosen, id, direction, box = null) {
  const items = events.filter((_, row) => chosen.mask[row]); // what the server answers under the same filters
  const row = nextRow(chosen, standing(chosen, named(id), items), direction, box);
  return row === null ? null : eventOf(chosen, row, items)?.id;
}

test("next and previous visit all events in order of time", () => {
  const chosen = selection();
  for (const [one, next] of ["ab", "bc", "cd", "de", "ef"]) {
    assert.equal(step(chosen, String(one), 1), next);
    assert.equal(step(chosen, String(next), -1), one);
  }
  assert.equal(step(chosen, "a", -1), null);
  assert.equal(step(chosen, "f", 1), null);
});

test("events at one position and day are distinguished by id, filtered or not", () => {
  assert.deepEqual(rowsOn(selection(), { day: toDay("2025-07-19"), x: gridX(37.1), y: gridY(48.2) }), [1, 2]);
  const items = events.filter(({ id }) => id !== "b");
  const chosen = selection("b");
  assert.equal(eventOf(chosen, 2, items)?.id, "c");
  assert.equal(step(chosen, "a", 1), "c");
});

test("filtered events are skipped, and can be the starting point", () => {
  assert.equal(step(selection("bc"), "a", 1), "d");
  assert.equal(step(selection("f"), "f", -1), "e");
  assert.equal(step(selection("a"), "a", 1), "b");
});

test("only events in the map view are visited; a line by its bounding box", () => {
  /** @type {Bounds} */
  const pokrovsk = [37, 48, 37.3, 48.35];
  assert.equal(step(selection(), "d", 1, pokrovsk), "f");
  assert.equal(step(selection(), "f", -1, pokrovsk), "d");
  assert.equal(step(selection(), "c", 1, [37, 48, 37.11, 48.25]), null);
});

test("an event is requested by id if the columns have its id, else by position and day", () => {
  const { columns } = selection();
  assert.deepEqual(questionFor(columns, 3), { ids: ["d"] });
  const question = questionFor(columns, 1);
  assert.ok("bbox" in question);
  assert.equal(question.datetime, "2025-07-19");
  const [west, south, east, north] = question.bbox;
  assert.ok(west < 37.1 && 37.1 < east && south < 48.2 && 48.2 < north && east - west < 1e-4);
});

test("a map dragged around the globe has the same neighbours", () => {
  const { columns } = selection();
  for (const turn of [-720, -360, 0, 360]) {
    assert.ok(inBox(columns, 4, [30 + turn, 50, 31 + turn, 51]), `turn ${turn}`);
    assert.ok(!inBox(columns, 4, [31 + turn, 50, 32 + turn, 51]), `turn ${turn}`);
    assert.ok(inBox(columns, 3, [36 + turn, 48, 37 + turn, 49]), `turn ${turn}`);
  }
});

test("the nearest events are searched in a box with enough of them", () => {
  const { columns } = selection();
  const centre = { longitude: 37.1, latitude: 48.2 };
  assert.equal(boxOfNearest(columns, [0, 1, 2, 4, 5], centre, 5), null);
  const box = boxOfNearest(columns, [0, 1, 2, 4, 5], centre, 3);
  assert.ok(box);
  assert.deepEqual(
    [0, 1, 2, 4, 5].filter((row) => inBox(columns, row, box)),
    [1, 2, 5],
  );
  assert.deepEqual(common(box, [37.1, 48, 38, 48.2]), [37.1, box[1], box[2], 48.2]);
  assert.deepEqual(
    byDistance([named("e"), named("a"), named("b"), named("f")], centre).map(({ id }) => id),
    ["b", "f", "a", "e"],
  );
});
