/** Columns whose capacity grows. Pure. */

/**
 * Returns the same columns with twice the capacity.
 *
 * @template {{ count: number, row: Int32Array }} Columns
 * @param {Columns} columns
 * @param {(capacity: number) => Columns} create
 * @returns {Columns}
 */
export function grown(columns, create) {
  const larger = create(columns.row.length * 2);
  for (const [name, column] of Object.entries(columns)) {
    if (ArrayBuffer.isView(column)) /** @type {any} */ (larger)[name].set(column);
  }
  larger.count = columns.count;
  return larger;
}
