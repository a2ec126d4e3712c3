/**
 * Filters columns as the page does. The standard input is JSON with `requests`, each with `columns`
 * (base64) and the `filters` of the page, and with the `categories` of the theatre. The standard
 * output is JSON with the rows that pass, for each request, by their precision in metres.
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import { text } from "node:stream/consumers";
import { assemble } from "../../../static/js/data/assemble.js";
import { decodeColumns } from "../../../static/js/data/event-columns.js";
import { maskOf, testsOf } from "../../../static/js/data/filters.js";

/** @import { Category, Filters } from "../../../static/js/types.js" */

/** @type {{ requests: { columns: string, filters: Filters }[], categories: Category[] }} */
const { requests, categories } = JSON.parse(await text(process.stdin));

const passing = requests.map(({ columns: encoded, filters }) => {
  const part = decodeColumns(new Uint8Array(Buffer.from(encoded, "base64")));
  const columns = assemble([part], { revision: "test" });
  const { mask } = maskOf(columns, testsOf(columns, filters, categories));
  return [...columns.precisionM].filter((_, row) => mask[row]);
});
process.stdout.write(JSON.stringify(passing));
