/**
 * The script of the page of one event: the dialog for reporting a problem. The rest of the page
 * needs no script.
 */
import { createTranslate } from "./lib/messages.js";
import { byId } from "./lib/refs.js";
import { reportProblem } from "./ui/report-problem.js";

const { messages, language, event } = JSON.parse(byId("config").textContent ?? "");
const button = byId("report-problem");
button.hidden = false;
button.addEventListener("click", () => reportProblem(event, createTranslate(messages, language)));
