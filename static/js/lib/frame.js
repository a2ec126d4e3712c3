/**
 * Runs a function at most once per animation frame, however often it is asked to.
 *
 * @param {() => void} run
 * @returns {{ ask: () => void, cancel: () => void }}
 */
export function oncePerFrame(run) {
  let waiting = 0;
  return {
    ask() {
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
