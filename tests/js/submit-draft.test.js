import assert from "node:assert/strict";
import { test } from "node:test";
import { draftOf, fieldOf } from "../../static/js/ui/submit-draft.js";

/** @param {Record<string, string | string[]>} changes */
function fields(changes = {}) {
  const filled = new FormData();
  const whole = {
    footage_urls: [" https://t.me/example_channel/1024 ", ""],
    place: "ignored: the spot is what it is understood as",
    happened_from: "2025-07-21",
    happened_to: "",
    time_from: "",
    time_to: "",
    time_precision: "day",
    precision_m: "",
    description: " Infantry \n",
    category: "",
    actor: "",
    affected: "",
    geolocation_url: "",
    idempotency_key: "key",
    ...changes,
  };
  for (const [name, value] of Object.entries(whole)) {
    for (const one of [value].flat()) filled.append(name, one);
  }
  return filled;
}

const SPOT = { longitude: 37.12966, latitude: 48.24819 };

test("empty fields are omitted, and surrounding blanks are removed", () => {
  assert.deepEqual(draftOf(fields(), SPOT), {
    ...SPOT,
    footage_urls: ["https://t.me/example_channel/1024"],
    happened_from: "2025-07-21",
    time_precision: "day",
    description: "Infantry",
    idempotency_key: "key",
  });
});

test("a draft without a position has no coordinates", () => {
  const draft = draftOf(fields(), null);
  assert.equal("longitude" in draft, false);
  assert.equal("place" in draft, false);
});

test("the precision is a number", () => {
  assert.equal(draftOf(fields({ precision_m: "250" }), SPOT).precision_m, 250);
});

test("lists keep their order", () => {
  const draft = draftOf(
    fields({ sensitivity: ["graphic", "civilians"], footage_urls: ["https://b", "", "https://a"] }),
    SPOT,
  );
  assert.deepEqual(draft.sensitivity, ["graphic", "civilians"]);
  assert.deepEqual(draft.footage_urls, ["https://b", "https://a"]);
});

test("times of day are in UTC and are used with minute and hour precision", () => {
  const clock = { time_from: "6:12", time_to: "0730" };
  const minute = draftOf(fields({ ...clock, time_precision: "minute" }), SPOT);
  assert.equal(minute.happened_from, "2025-07-21T06:12:00Z");
  assert.equal(minute.happened_to, "2025-07-21T07:30:00Z", "an end without a day is on the same day");
  const overnight = draftOf(fields({ ...clock, time_precision: "hour", happened_to: "2025-07-22" }), SPOT);
  assert.equal(overnight.happened_to, "2025-07-22T07:30:00Z");
  const day = draftOf(fields({ ...clock, time_precision: "day", happened_to: "2025-07-22" }), SPOT);
  assert.equal(day.happened_from, "2025-07-21", "the fields of the clock are hidden then");
  assert.equal(day.happened_to, "2025-07-22");
  assert.equal(
    draftOf(fields({ time_from: "06:12:30", time_precision: "minute" }), SPOT).happened_from,
    "2025-07-21T06:12:30Z",
  );
});

test("a JSON pointer of the API maps to a field of the form", () => {
  assert.equal(fieldOf("/footage_urls/3"), "footage_urls-3");
  assert.equal(fieldOf("/footage_urls"), "footage_urls-0");
  assert.equal(fieldOf("/latitude"), "place");
  assert.equal(fieldOf("/longitude"), "place");
  assert.equal(fieldOf("/description"), "description");
});
