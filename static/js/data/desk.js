/**
 * API client of the editors' pages. Every change includes the CSRF token; a change to an item that
 * others may edit also includes its version.
 */
import { fetchJson } from "./fetch-json.js";

/** @typedef {ReturnType<typeof createDesk>} Desk */

/** Creates the client. @param {string} formToken */
export function createDesk(formToken) {
  return {
    /**
     * Sends a request.
     * @param {string} method
     * @param {string} path under /api/desk
     * @param {unknown} [body]
     * @param {number | null} [version] the version that the page has
     * @returns {Promise<any>}
     * @throws {import("./fetch-json.js").Failure}
     */
    async request(method, path, body, version = null) {
      const headers = { "X-Form-Token": formToken, ...(version !== null && { "If-Match": `"${version}"` }) };
      const options = { method, headers, ...(body !== undefined && { body }) };
      return (await fetchJson(`/api/desk/${path}`, options)).body;
    },
  };
}
