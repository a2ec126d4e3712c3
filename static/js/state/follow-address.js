/**
 * Synchronises the page's URL with the store.
 *
 * @import { Config, Store } from "../types.js"
 * @import { Misread } from "./url.js"
 */
import { addsEntry, readAddress, withLanguage, writeAddress } from "./url.js";

/**
 * Browsers reject more than about a hundred history changes in half a minute; dragging makes sixty
 * a second.
 */
const REPLACE_EVERY_MS = 400;

/**
 * Synchronises the URL and the store: writes the state and each change to the URL, and reads the URL
 * after back and forward. Finished choices add a history entry; other changes replace its URL.
 *
 * @param {object} options
 * @param {Store} options.store
 * @param {Config} options.config
 * @param {(misread: Misread[]) => void} options.onMisread called when a URL in the history has
 *   invalid values
 * @returns {() => void} stops the synchronisation
 */
export function followAddress({ store, config, onMisread }) {
  let reading = false;
  let before = store.get();
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

  history.replaceState(null, "", path(writeAddress(before)));
  const end = store.watch(
    (state) => writeAddress(state),
    (now, earlier) => {
      if (reading) return;
      const adds = addsEntry(before, store.get());
      before = store.get();
      if (adds) {
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

  // A choice of what is shown already changes no URL, and must not count for the next change.
  const endChoices = store.watch(
    ({ choices }) => choices,
    () => (before = store.get()),
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
      before = store.get();
    }
    if (misread.length) onMisread(misread);
  }

  addEventListener("popstate", travel);
  addEventListener("pagehide", flush);
  return () => {
    flush();
    end();
    endChoices();
    removeEventListener("popstate", travel);
    removeEventListener("pagehide", flush);
  };
}

/**
 * Reloads the page with its current state. The URL is updated first, because it may be out of date.
 *
 * @param {Store} store
 */
export function reloadPage(store) {
  const search = withLanguage(writeAddress(store.get()), location.search);
  history.replaceState(null, "", location.pathname + search);
  location.reload();
}
