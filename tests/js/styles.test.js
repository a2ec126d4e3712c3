/**
 * The style sheets: every file in static/css fills one of the cascade layers that layers.css
 * declares.
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { transform } from "esbuild";

const CSS = new URL("../../static/css/", import.meta.url);
/** This sheet is in no layer; its first comment gives the reason. */
const UNLAYERED = "over-leaflet.css";

/** @param {string} name @returns {Promise<string>} without comments and spaces between rules */
const minified = async (name) =>
  (await transform(readFileSync(new URL(name, CSS), "utf-8"), { loader: "css", minifyWhitespace: true })).code.trim();

/**
 * Returns the selectors and at-rules at the top of a minified sheet.
 *
 * @param {string} sheet
 */
function topRules(sheet) {
  const rules = [];
  let depth = 0;
  let start = 0;
  for (const [at, character] of [...sheet.replace(/"(?:[^"\\]|\\.)*"/g, (text) => "_".repeat(text.length))].entries()) {
    if (character === "{" && depth++ === 0) rules.push(sheet.slice(start, at));
    else if ((character === "}" && --depth === 0) || (character === ";" && depth === 0)) start = at + 1;
  }
  return rules;
}

const sheets = readdirSync(CSS).filter((name) => name.endsWith(".css") && name !== "layers.css");
const declared = (await minified("layers.css")).replace(/^@layer |;$/g, "").split(",");

for (const name of sheets) {
  test(`${name} fills ${name === UNLAYERED ? "no" : "one declared"} layer`, async () => {
    const rules = topRules(await minified(name));
    const layers = rules.filter((rule) => rule.startsWith("@layer "));
    if (name === UNLAYERED) return assert.deepEqual(layers, []);
    assert.equal(rules.length, 1, `these stand outside of its layer: ${rules.slice(1).join("; ")}`);
    assert.ok(declared.includes(layers[0]?.replace("@layer ", "") ?? ""), `${layers[0]} is not in layers.css`);
  });
}

test("every declared layer has rules, and every sheet is used by a page", async () => {
  const filled = await Promise.all(sheets.map(async (name) => topRules(await minified(name))[0]));
  assert.deepEqual(
    new Set(filled.filter((rule) => rule?.startsWith("@layer"))),
    new Set(declared.map((name) => `@layer ${name}`)),
  );
  const pages = readdirSync(new URL("pages/", CSS)).map((name) => readFileSync(new URL(`pages/${name}`, CSS), "utf-8"));
  for (const page of pages) assert.match(page, /^\/\*.*\*\/\n@import "\.\.\/layers\.css";\n/, "the order comes first");
  for (const name of sheets)
    assert.ok(
      pages.some((page) => page.includes(`"../${name}"`)),
      `${name} is on no page`,
    );
});

test("layouts change at the sizes that tokens.css lists, and nowhere else", () => {
  const tokens = readFileSync(new URL("tokens.css", CSS), "utf-8");
  const listed = [...tokens.matchAll(/^ \* {3}\w+ +((?:\([^)]+\)(?: and )?)+)/gm)].map(([, condition = ""]) =>
    condition.trim(),
  );
  assert.equal(listed.length, 4, listed.join());
  for (const name of sheets) {
    const sheet = readFileSync(new URL(name, CSS), "utf-8");
    for (const [, query = ""] of sheet.matchAll(/@media ([^{]+) \{/g)) {
      for (const condition of query.split(/,\s*/)) {
        if (!/width|height/.test(condition)) continue;
        const size = condition.replace(" and (scripting: enabled)", "");
        const isListed = listed.includes(size) || size === "(width < 40rem)" || size === "(width >= 40rem)";
        assert.ok(isListed, `${name}: ${condition} is not a layout of tokens.css`);
      }
    }
    for (const [, query = ""] of sheet.matchAll(/@container ([^{]+) \{/g)) assert.doesNotMatch(query, /\dpx/, name);
  }
});
