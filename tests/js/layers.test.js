/**
 * The layers of static/js (eslint.config.js): an import from a higher layer or another part of the
 * same layer is an error.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { ESLint } from "eslint";

const eslint = new ESLint();

/**
 * Returns the layer errors of a module's source.
 *
 * @param {string} path of the module in static/js
 * @param {string} source
 */
async function layerErrors(path, source) {
  const [result] = await eslint.lintText(source, { filePath: `static/js/${path}` });
  return (result?.messages ?? [])
    .map(({ message }) => message)
    .filter((message) => /may import from|Leaflet/.test(message));
}

describe("an import across the layers is refused", () => {
  for (const [path, source] of [
    ["lib/planted.js", 'import { dayAt } from "../time/day.js";\ndayAt(0);\n'],
    ["lib/planted.js", 'import "../main.js";\n'],
    ["time/planted.js", 'import "../state/store.js";\n'],
    ["state/planted.js", 'import "../data/api.js";\n'],
    ["data/planted.js", 'export { element } from "../ui/element.js";\n'],
    ["ui/planted.js", 'import "../map/marks.js";\n'],
    ["ui/planted.js", 'await import("../map/map-view.js");\n'],
    ["map/planted.js", 'import "../ui/element.js";\n'],
    ["map/planted.js", 'await import("../ui/element.js");\n'],
    ["planted.js", 'import "./map/leaflet.js";\n'],
  ]) {
    test(`${path}: ${source?.split("\n")[0]}`, async () => {
      assert.equal((await layerErrors(path ?? "", source ?? "")).length, 1);
    });
  }
});

test("an import from a lower layer or the same one is allowed", async () => {
  const source =
    'import "./element.js";\nimport "../data/api.js";\nimport "../lib/lru.js";\nimport "../time/day.js";\n';
  assert.deepEqual(await layerErrors("ui/planted.js", source), []);
  assert.deepEqual(await layerErrors("map/planted.js", 'import "./leaflet.js";\nimport "../lib/lru.js";\n'), []);
});
