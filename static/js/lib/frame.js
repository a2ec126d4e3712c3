/**
 * Wraps a function so that it runs at most once per animation frame.
 *
 * @param {() => void} run
 * @returns {{ schedule: () => void, cancel: () => void }}
 */
export function oncePerFrame(run) {
  let frameId = 0;
  return {
    schedule() {
      frameId ||= requestAnimationFrame(() => {
        frameId = 0;
        run();
      });
    },
    cancel() {
      cancelAnimationFrame(frameId);
      frameId = 0;
    },
  };
}

/**
 * Throttles a function. The first call runs it at once; further calls within the interval run it
 * once more when the interval ends.
 *
 * @param {number} ms
 * @param {() => void} run
 * @returns {{ schedule: () => void, cancel: () => void }}
 */
export function atMostEvery(ms, run) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let ranAt = -Infinity;
  function now() {
    timer = undefined;
    ranAt = performance.now();
    run();
  }
  return {
    schedule() {
      if (timer !== undefined) return;
      const left = ranAt + ms - performance.now();
      if (left > 0) timer = setTimeout(now, left);
      else now();
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/**
 * Waits until the browser is idle.
 *
 * @param {number} atMostMs timeout
 * @returns {Promise<void>}
 */
export function idle(atMostMs) {
  return new Promise((done) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => done(), { timeout: atMostMs });
    else setTimeout(done);
  });
}
