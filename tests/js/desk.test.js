import assert from "node:assert/strict";
import { test } from "node:test";

import { readTimes, writeTimes } from "../../static/js/lib/event-times.js";
import { differing } from "../../static/js/ui/desk-conflict.js";

test("days are inclusive in the form and half-open in the API", () => {
  const fields = { from_day: "2025-07-21", from_time: "", to_day: "2025-07-22", to_time: "" };
  const range = { happened_from: "2025-07-21T00:00:00Z", happened_to: "2025-07-23T00:00:00Z" };
  assert.deepEqual(readTimes(fields, "day"), range);
  assert.deepEqual(writeTimes(range, "day"), fields);
  assert.equal(readTimes({ ...fields, to_day: "" }, "day").happened_to, "2025-07-22T00:00:00Z");
});

test("the length of a moment is its precision unless an end is given", () => {
  const fields = { from_day: "2025-12-31", from_time: "23:30", to_day: "", to_time: "" };
  assert.deepEqual(readTimes(fields, "minute"), {
    happened_from: "2025-12-31T23:30:00Z",
    happened_to: "2025-12-31T23:31:00Z",
  });
  assert.equal(readTimes(fields, "hour").happened_to, "2026-01-01T00:30:00Z");
  const whole = { ...fields, to_day: "2026-01-01", to_time: "00:10" };
  assert.deepEqual(writeTimes(readTimes(whole, "minute"), "minute"), whole);
});

test("empty and invalid times are omitted", () => {
  const none = { from_day: "", from_time: "", to_day: "", to_time: "" };
  assert.deepEqual(readTimes(none, "day"), { happened_from: "", happened_to: "" });
  assert.equal(readTimes({ ...none, from_day: "x" }, "minute").happened_from, "");
});

test("versions are compared by value, not by notation", () => {
  const theirs = {
    title: "A",
    happened_from: "2025-07-21T00:00:00+00:00",
    actor: null,
    sensitivity: [],
    origin: "desk",
  };
  const mine = { title: "B", happened_from: "2025-07-21T00:00:00Z", actor: null, sensitivity: [], origin: "other" };
  assert.deepEqual(differing(theirs, mine), ["title"]);
});
