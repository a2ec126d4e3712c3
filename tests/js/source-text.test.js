import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutRepeats } from "../../static/js/ui/event-text.js";

test("a source does not say its site, publisher and author twice", () => {
  assert.deepEqual(withoutRepeats("Footage", ["99dominik_", "x.com", "x"]), ["99dominik_", "x.com", null]);
  assert.deepEqual(withoutRepeats("@99dominik_ on X", ["99dominik_", "x.com", "X"]), [null, "x.com", null]);
  assert.deepEqual(withoutRepeats("AP", [null, "apnews.com", "AP"]), [null, "apnews.com", null]);
  assert.deepEqual(withoutRepeats("🔥", ["🔥", "t.me", "🌻"]), [null, "t.me", "🌻"]);
});
