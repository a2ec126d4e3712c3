/**
 * How long a browser's engine takes to read a line's history and to give any of its days.
 *
 * @example node bench/line-history.mjs part.bin … → {"bytes":…,"read_ms":…,"prepare_ms":…,"cold_ms":…,"days_ms":[…]}
 */
import { readFileSync } from "node:fs";
import { LineHistory } from "../static/js/data/line-history.js";

const parts = process.argv.slice(2).map((path) => new Uint8Array(readFileSync(path)));

/** @template T @param {() => T} run @returns {[number, T]} milliseconds and the result */
function timed(run) {
  const start = performance.now();
  const result = run();
  return [performance.now() - start, result];
}

// Once for nothing, so that the engine knows the code.
const known = new LineHistory(parts);
known.areas(0);

const [readMs, history] = timed(() => new LineHistory(parts));
const [coldMs] = timed(() => history.areas(history.count - 1));
const [prepareMs] = timed(() => history.prepare(Infinity));
const daysMs = [];
let seed = 42;
for (let n = 0; n < 300; n++) {
  seed = (seed * 1103515245 + 12345) % 2 ** 31;
  daysMs.push(timed(() => history.areas(seed % history.count))[0]);
}
const told = { bytes: parts.reduce((sum, part) => sum + part.length, 0), read_ms: readMs, cold_ms: coldMs };
process.stdout.write(`${JSON.stringify({ ...told, prepare_ms: prepareMs, days_ms: daysMs })}\n`);
