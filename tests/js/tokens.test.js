import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { FADED_LOOKS, FADED_SECOND_LINE, LOOKS, SECOND_LINE } from "../../static/js/lib/area-style.js";

const css = await readFile(new URL("../../static/css/tokens.css", import.meta.url), "utf8");

/** Returns the custom properties of a selector's block. @param {string} selector */
function tokensOf(selector) {
  const start = css.indexOf(`${selector} {`);
  assert.notEqual(start, -1, selector);
  const block = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries(
    [...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name = "", value]) => [name, value]),
  );
}

const light = tokensOf("\n  :root");
const bySystem = tokensOf(':root:not([data-theme="light"])');
const byChoice = tokensOf(':root[data-theme="night"]');

test("the dark theme is the same by system setting and by choice", () => assert.deepEqual(bySystem, byChoice));

/** Returns the relative luminance of WCAG 2. @param {string} colour "#rrggbb" */
function luminance(colour) {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string | undefined} one @param {string | undefined} other */
function contrast(one = "", other = "") {
  const [dark = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

/**
 * Returns the colour of a translucent mark.
 * @param {string} colour
 * @param {string} ground below it
 * @param {number} strength opacity
 */
function mixed(colour, ground, strength) {
  const channels = [1, 3, 5].map((at) => {
    const [over, under] = [colour, ground].map((hex) => parseInt(hex.slice(at, at + 2), 16));
    return Math.round(strength * (over ?? 0) + (1 - strength) * (under ?? 0));
  });
  return `#${channels.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

test("no edge of an old assessment has the pattern of a current one", () => {
  const current = new Set([...Object.values(LOOKS), SECOND_LINE].map(({ dash }) => dash.join()));
  for (const { dash } of [...Object.values(FADED_LOOKS), FADED_SECOND_LINE]) {
    assert.ok(dash.length > 0, "it is broken, not a firm line");
    assert.ok(!current.has(dash.join()), dash.join());
  }
});

for (const [theme, tokens] of /** @type {const} */ ([
  ["light", light],
  ["night", byChoice],
])) {
  test(`text has enough contrast with its background: ${theme}`, () => {
    for (const [text, ground] of [
      ["--ink", "--paper"],
      ["--ink", "--ground"],
      ["--ink", "--field"],
      ["--quiet", "--paper"],
      ["--quiet-on-ground", "--ground"],
      ["--quiet-on-ground", "--field"],
      ["--link", "--paper"],
      ["--front", "--paper"],
      ["--good", "--paper"],
      ["--caution", "--paper"],
    ]) {
      const found = contrast(tokens[text ?? ""], tokens[ground ?? ""]);
      assert.ok(found >= 4.5, `${text} on ${ground}: ${found.toFixed(2)}`);
    }
  });

  test(`marks have enough contrast with the base map: ${theme}`, () => {
    const marks = Object.keys(tokens).filter((name) => /^--(side|verification)-|^--edge$|^--focus$/.test(name));
    assert.ok(marks.length >= 10);
    for (const mark of marks) {
      const found = contrast(tokens[mark], tokens["--ground"]);
      assert.ok(found >= 3, `${mark}: ${found.toFixed(2)}`);
    }
  });

  test(`the edges of old assessments have enough contrast with the base map: ${theme}`, () => {
    const ground = tokens["--ground"] ?? "";
    for (const { colour, strength = 1 } of [...Object.values(FADED_LOOKS), FADED_SECOND_LINE]) {
      const found = contrast(mixed(tokens[colour] ?? "", ground, strength), ground);
      assert.ok(found >= 3, `${colour}: ${found.toFixed(2)}`);
    }
  });
}
