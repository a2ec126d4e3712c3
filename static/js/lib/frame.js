/**
 * The functions that wait for the next frame, and those that already ran in the frame that is being
 * prepared; null between frames.
 */
const waiting = /** @type {Set<() => void>} */ (new Set());
const later = /** @type {Set<() => void>} */ (new Set());
/** @type {Set<() => void> | null} */
let ran = null;

function runAll() {
  ran = new Set();
  // A set is read to its end, including what is added meanwhile.
  for (const run of waiting) {
    waiting.delete(run);
    ran.add(run);
    try {
      run();
    } catch (error) {
      reportError(error);
    }
  }
  ran = null;
  for (const run of later) waiting.add(run);
  later.clear();
  if (waiting.size > 0) requestAnimationFrame(runAll);
}

/**
 * Wraps a function so that it runs at most once per animation frame. What is scheduled while a
 * frame is prepared still belongs to that frame, so that a drag, the map and the text about it
 * change together.
 *
 * @param {() => void} run
 * @returns {{ schedule: () => void, cancel: () => void }}
 */
export function oncePerFrame(run) {
  const wrapped = () => run();
  return {
    schedule() {
      if (ran?.has(wrapped)) later.add(wrapped);
      else {
        if (ran === null && waiting.size === 0) requestAnimationFrame(runAll);
        waiting.add(wrapped);
      }
    },
    cancel() {
      waiting.delete(wrapped);
      later.delete(wrapped);
    },
  };
}

/** Waits until the next frame was prepared. @returns {Promise<void>} */
export function nextFrame() {
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
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
 * Wraps a function so that it runs once when it has not been called for some time.
 *
 * @param {number} ms
 * @param {() => void} run
 */
export function afterPause(ms, run) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
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
