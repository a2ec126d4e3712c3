/**
 * The code in the fragment of a link is looked up at once. A fragment is sent to nobody; from here
 * the code goes in the body of a form, and leaves the address.
 */
import { byId } from "./lib/refs.js";

const code = location.hash.slice(1);
if (code) {
  history.replaceState(null, "", location.pathname + location.search);
  const field = /** @type {HTMLInputElement} */ (byId("code"));
  field.value = code;
  field.form?.requestSubmit();
}
