import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { isolate } from "../../static/js/lib/bidi.js";
import { createTranslate } from "../../static/js/lib/messages.js";

const vectors = new URL("vectors/bidi.json", import.meta.url);
/** @type {Record<string, string>} */
const cases = JSON.parse(readFileSync(vectors, "utf8"));

test("texts are isolated as on the server, and isolating again changes nothing", () => {
  for (const [text, isolated] of Object.entries(cases)) {
    assert.equal(isolate(text), isolated);
    assert.equal(isolate(isolated), isolated);
  }
});

test("messages isolate what they fill in", () => {
  const t = createTranslate({}, "en");
  assert.equal(t("Change {name}", { name: "a\u202eb" }), "Change \u2068a\u202eb\u2069");
});
