/**
 * Compares pairs of scripts by their syntax trees. The standard input is JSON with pairs of sources
 * by name; the standard output is JSON with the names of those that differ.
 */
import process from "node:process";
import { text } from "node:stream/consumers";
import { parse } from "espree";

const options = /** @type {const} */ ({ ecmaVersion: "latest", sourceType: "module" });
/** @param {string} source */
const tree = (source) =>
  JSON.stringify(parse(source, options), (key, value) => (key === "start" || key === "end" ? undefined : value));

/** @type {Record<string, [string, string]>} */
const pairs = JSON.parse(await text(process.stdin));
const changed = Object.entries(pairs).filter(([, [one, other]]) => tree(one) !== tree(other));
process.stdout.write(JSON.stringify(changed.map(([name]) => name)));
