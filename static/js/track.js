/**
 * Looks up the tracking code in the URL's fragment at once. Browsers do not send fragments to the
 * server. The script puts the code into a form's body and removes it from the URL.
 */
import { byId } from "./lib/refs.js";

const code = location.hash.slice(1);
if (code) {
  history.replaceState(null, "", location.pathname + location.search);
  const field = /** @type {HTMLInputElement} */ (byId("code"));
  field.value = code;
  field.form?.requestSubmit();
}
