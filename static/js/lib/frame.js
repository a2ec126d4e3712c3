/**
 * Runs a function at most once per animation frame, however often it is asked to.
 *
 * @param {() => void} run
 * @returns {{ schedule: () => void, cancel: () => void }}
 */
export function oncePerFrame(run) {
  let waiting = 0;
  return {
    schedule() {
      waiting ||= requestAnimationFrame(() => {
        waiting = 0;
        run();
      });
    },
    cancel() {
      cancelAnimationFrame(waiting);
      waiting = 0;
    },
  };
}

/**
 * Runs a function at once, and when it is asked to again so soon after, once more at the end of
 * that time.
 *
 * @param {number} ms
 * @param {() => void} run
 * @returns {{ schedule: () => void, cancel: () => void }}
 */
export function atMostEvery(ms, run) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  let ranAt = -Infinity;
  function now() {
    waiting = undefined;
    ranAt = performance.now();
    run();
  }
  return {
    schedule() {
      if (waiting !== undefined) return;
      const left = ranAt + ms - performance.now();
      if (left > 0) waiting = setTimeout(now, left);
      else now();
    },
    cancel() {
      clearTimeout(waiting);
      waiting = undefined;
    },
  };
}

/**
 * Waits until the page has nothing else to do.
 *
 * @param {number} atMostMs then it is no longer waited for
 * @returns {Promise<void>}
 */
export function idle(atMostMs) {
  return new Promise((done) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => done(), { timeout: atMostMs });
    else setTimeout(done);
  });
}
