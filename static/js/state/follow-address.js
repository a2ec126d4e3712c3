/**
 * Synchronises the page's URL with the store.
 *
 * @import { Config, Store } from "../types.js"
 * @import { Misread } from "./url.js"
 */
import { entryOf, readAddress, withLanguage, writeAddress } from "./url.js";

/**
 * Browsers reject more than about a hundred history changes in half a minute; dragging makes sixty
 * a second.
 */
const REPLACE_EVERY_MS = 400;

/**
 * Synchronises the URL and the store: writes each state change to the URL, and reads the URL after
 * back and forward.
 *
 * @param {object} options
 * @param {Store} options.store
 * @param {Config} options.config
 * @param {(misread: Misread[]) => void} options.onMisread called when a URL in the history has
 *   invalid values
 * @returns {() => void} stops the synchronisation
 */
export function followAddress({ store, config, onMisread }) {
  const opened = () => entryOf(store.get(), config);

  let reading = false;
  let before = opened();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {string | null} */
  let pendingSearch = null;

  /** @param {string} search */
  const path = (search) => location.pathname + withLanguage(search, location.search);

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (pendingSearch !== null) history.replaceState(null, "", path(pendingSearch));
    pendingSearch = null;
  }

  const end = store.watch(
    (state) => writeAddress(state, config),
    (now, earlier) => {
      if (reading) return;
      const open = opened();
      const opens = open !== before && open !== "";
      before = open;
      if (opens) {
        // The previous history entry must show its latest state, and its URL may be out of date.
        pendingSearch = pendingSearch === null ? null : earlier;
        flush();
        history.pushState(null, "", path(now));
      } else {
        pendingSearch = now;
        timer ??= setTimeout(flush, REPLACE_EVERY_MS);
      }
    },
  );

  function travel() {
    clearTimeout(timer);
    timer = undefined;
    pendingSearch = null;
    const { patch, misread } = readAddress(location.search, config);
    reading = true;
    try {
      store.set({ ...patch, playing: null });
    } finally {
      reading = false;
      before = opened();
    }
    if (misread.length) onMisread(misread);
  }

  addEventListener("popstate", travel);
  addEventListener("pagehide", flush);
  return () => {
    flush();
    end();
    removeEventListener("popstate", travel);
    removeEventListener("pagehide", flush);
  };
}

/**
 * Reloads the page with its current state. The URL is updated first, because it may be out of date.
 *
 * @param {object} options
 * @param {Store} options.store
 * @param {Config} options.config
 */
export function reloadPage({ store, config }) {
  const search = withLanguage(writeAddress(store.get(), config), location.search);
  history.replaceState(null, "", location.pathname + search);
  location.reload();
}
