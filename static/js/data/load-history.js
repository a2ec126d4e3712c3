/**
 * Fetches an assessor's history: a manifest, and parts that never change.
 *
 * @import { Assessor, Territory } from "../types.js"
 */
import { Failure, PATIENT_MS, fetchBytes, fetchJson } from "./fetch-json.js";
import { LineHistory } from "./line-history.js";
import { withQuery } from "./query.js";
import { readHistory } from "./read-history.js";

const GONE = 410;

/**
 * Fetches the history.
 * @param {Assessor} assessor
 * @param {string | null} etag of the manifest that the page has
 * @returns {Promise<{ territory: Territory, etag: string | null } | null>} null: unchanged
 * @throws {Failure}
 * @throws {import("./line-history.js").BrokenHistory}
 */
export async function loadHistory(assessor, etag) {
  try {
    return await load(assessor, etag);
  } catch (error) {
    // A part was replaced after the manifest was fetched. The next manifest lists its replacement.
    if (error instanceof Failure && error.status === GONE) return load(assessor, null);
    throw error;
  }
}

/** Fetches the manifest and its parts. @param {Assessor} assessor @param {string | null} knownEtag */
async function load(assessor, knownEtag) {
  const url = withQuery("/api/territory/history", { assessor: assessor.slug });
  const { body: manifest, etag, unchanged } = await fetchJson(url, { etag: knownEtag, plain: true });
  if (unchanged) return null;
  const parts = await Promise.all(
    manifest.parts.map((/** @type {{ url: string }} */ { url }) =>
      fetchBytes(url, { plain: true, timeoutMs: PATIENT_MS }),
    ),
  );
  const described = {
    ...assessor,
    first_valid_from: manifest.first_valid_from,
    last_valid_from: manifest.last_valid_from,
  };
  return { territory: readHistory(described, new LineHistory(parts), manifest.statuses, manifest.observed), etag };
}
