/**
 * What the page of one event can do with scripts: report a problem with it. All else stands there
 * without.
 */
import { createTranslate } from "./lib/messages.js";
import { byId } from "./lib/refs.js";
import { reportProblem } from "./ui/report-problem.js";

const { messages, language, event } = JSON.parse(byId("config").textContent ?? "");
const button = byId("report-problem");
button.hidden = false;
button.addEventListener("click", () => reportProblem(event, createTranslate(messages, language)));
