/**
 * Bundles the scripts and style sheets of the pages with esbuild into static/made: one file for
 * each script in static/js and for each sheet in static/css/pages. File names hold a hash of their
 * content, and each has a source map.
 *
 * manifest.json there lists what was built, and a digest of every source file: the server uses the
 * bundles only while the digests match (app/pages/assets.py).
 *
 * @example node scripts/bundle.mjs static
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { build } from "esbuild";

const directory = resolve(process.argv[2] ?? "static");
const target = join(directory, "made");
const manifestFile = join(target, "manifest.json");

/** Type definitions, which no page runs. */
const NOT_A_PAGE = "types.js";

/**
 * The map runs most of its functions while it opens. Browsers that know this comment compile all of
 * them in the background as the script arrives.
 */
const COMPILE_ALL = "//# allFunctionsCalledOnLoad";

/** @param {string} folder @param {string} extension */
const filesOf = (folder, extension) =>
  readdirSync(join(directory, folder))
    .filter((name) => name.endsWith(extension) && name !== NOT_A_PAGE)
    .map((name) => join(folder, name));

/** @param {string[]} entries @param {import("esbuild").BuildOptions} [options] */
async function bundle(entries, options) {
  const { metafile } = await build({
    absWorkingDir: directory,
    entryPoints: entries,
    entryNames: "[name]-[hash]",
    outdir: "made",
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    sourcemap: "linked",
    metafile: true,
    logLevel: "warning",
    ...options,
  });
  return metafile;
}

/** @param {string} path */
const digestOf = (path) =>
  createHash("sha256")
    .update(readFileSync(join(directory, path)))
    .digest("hex");

const MAP = join("js", "main.js");
const built = [
  await bundle([MAP], { banner: { js: COMPILE_ALL } }),
  await bundle([...filesOf("js", ".js").filter((path) => path !== MAP), ...filesOf(join("css", "pages"), ".css")]),
];

/** @type {Record<string, string>} */
const sources = {};
/** @type {Record<string, string>} */
const bundles = {};
for (const { inputs, outputs } of built) {
  for (const path of Object.keys(inputs)) sources[path] = digestOf(path);
  for (const [path, { entryPoint }] of Object.entries(outputs))
    if (entryPoint) bundles[entryPoint] = relative("made", path);
}

// The files of the build before this one stay: a server that runs may still serve them.
const before = existsSync(manifestFile) ? JSON.parse(readFileSync(manifestFile, "utf-8")).bundles : {};
const keep = new Set([...Object.values(before), ...Object.values(bundles)].flatMap((name) => [name, `${name}.map`]));
for (const name of readdirSync(target)) if (!keep.has(name) && name !== "manifest.json") rmSync(join(target, name));

const part = `${manifestFile}.part`;
writeFileSync(part, JSON.stringify({ bundles, sources }, null, 1));
renameSync(part, manifestFile);
