/**
 * Runs tasks so that only the latest one counts. Starting a task aborts the previous one and
 * discards its result.
 *
 * @example
 * const latest = createLatest();
 * const found = await latest.run((signal) => api.places(q, signal)); // null if a newer task aborted this one
 *
 * @returns {{ run: <T>(task: (signal: AbortSignal) => Promise<T>) => Promise<T | null>, cancel: ()
 *   => void }}
 */
export function createLatest() {
  /** @type {AbortController | null} */
  let current = null;
  return {
    async run(task) {
      current?.abort();
      const mine = new AbortController();
      current = mine;
      try {
        const result = await task(mine.signal);
        return mine.signal.aborted ? null : result;
      } catch (error) {
        if (mine.signal.aborted) return null;
        throw error;
      } finally {
        if (current === mine) current = null;
      }
    },
    cancel() {
      current?.abort();
      current = null;
    },
  };
}
