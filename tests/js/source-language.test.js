import assert from "node:assert/strict";
import { test } from "node:test";

import { foreignLang, isForeign } from "../../static/js/lib/source-language.js";

test("a text in another script than the page stays in the language of its source", () => {
  assert.equal(isForeign("Russian flag raised in Rodynske", "uk"), true);
  assert.equal(isForeign("Прапор у Родинському, фото X", "uk"), false);
  assert.equal(isForeign("Прапор у Родинському", "en"), true);
  assert.equal(isForeign("Ukrainska Pravda", "en"), false);
  assert.equal(isForeign("דגל רוסי", "en"), true);
  for (const nothing of ["", null, undefined, "2025-07-21, 48.2"]) assert.equal(isForeign(nothing, "uk"), false);
});

test("its language is unknown, not guessed", () => {
  assert.equal(foreignLang("A report", "uk"), "");
  assert.equal(foreignLang("A report", "en"), null);
});
