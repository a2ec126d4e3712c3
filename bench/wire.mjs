// The same events in several formats: bytes, and milliseconds until a script can use them. Arguments: blobs of event columns.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { assemble } from "../static/js/data/assemble.js";
import { decodeColumns } from "../static/js/data/event-columns.js";
import { latitudeOf, longitudeOf } from "../static/js/lib/grid.js";

const blobs = process.argv.slice(2).map((file) => new Uint8Array(readFileSync(file)));

/** Milliseconds of the processor, which others on the same machine do not lengthen as they do those of the clock. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The least of three times, after one that warms up. */
function leastMs(run, times = 3) {
  let least = Infinity;
  for (let n = 0; n <= times; n++) {
    const start = cpuMs();
    run();
    if (n > 0) least = Math.min(least, cpuMs() - start);
  }
  return least;
}

const tell = (format, bytes, gzip, read_ms) =>
  process.stdout.write(`${JSON.stringify({ format, bytes, gzip, read_ms })}\n`);

const read = () => assemble(blobs.map(decodeColumns), { revision: "bench" });
const columns = read();
const { count } = columns;
tell("own columns, decoded and put together", 0, 0, leastMs(read));

const names = ["category", "actor", "affected", "verification", "timePrecision", "precisionM", "day", "days"];
const feature = (row) => ({
  type: "Feature",
  geometry: {
    type: "Point",
    coordinates: [+longitudeOf(columns.x[row]).toFixed(5), +latitudeOf(columns.y[row]).toFixed(5)],
  },
  properties: Object.fromEntries(names.map((name) => [name, columns[name][row]])),
});
const features = Array.from({ length: count }, (_, row) => feature(row));

{
  // Feature by feature: one string of all would be longer than a script may have.
  const pieces = [];
  for (let first = 0; first < count; first += 100_000) {
    pieces.push(
      Buffer.from(
        features
          .slice(first, first + 100_000)
          .map((one) => JSON.stringify(one))
          .join(","),
      ),
    );
  }
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const gzip = pieces.reduce((sum, piece) => sum + gzipSync(piece, { level: 6 }).length, 0);
  const read_ms = leastMs(() => {
    let points = 0;
    for (const piece of pieces) points += JSON.parse(`[${piece.toString()}]`).length;
    return points;
  }, 1);
  tell("GeoJSON", bytes, gzip, read_ms);
}

{
  const { tableFromArrays, tableFromIPC, tableToIPC } = await import("./node_modules/apache-arrow/Arrow.node.mjs");
  const arrays = Object.fromEntries(["x", "y", ...names].map((name) => [name, columns[name]]));
  const ipc = tableToIPC(tableFromArrays(arrays), "stream");
  const read_ms = leastMs(() => {
    const table = tableFromIPC(ipc);
    return ["x", "y", ...names].map((name) => table.getChild(name).toArray().length);
  });
  tell("Arrow IPC", ipc.length, gzipSync(ipc, { level: 6 }).length, read_ms);
}

// Of a million it takes minutes, and gigabytes.
if (count <= 200_000) {
  const geojson = await import("./node_modules/flatgeobuf/lib/mjs/geojson.js");
  const whole = geojson.serialize({ type: "FeatureCollection", features });
  const start = cpuMs();
  let points = 0;
  for await (const one of geojson.deserialize(whole)) points += one.type === "Feature" ? 1 : 0;
  if (points !== count) throw new Error(`${points} of ${count} events came back`);
  tell("FlatGeobuf", whole.length, gzipSync(whole, { level: 6 }).length, cpuMs() - start);
}
