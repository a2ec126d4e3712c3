/**
 * The composition root of the map page: reads the configuration, creates the store from the URL,
 * and connects the parts. The parts communicate only through the store.
 *
 * @import { Config } from "./types.js"
 */
import "./menu.js";
import { createApi } from "./data/api.js";
import { createComparison } from "./data/comparison.js";
import { createSpots } from "./data/spot.js";
import { createSelection } from "./data/selection.js";
import { createTerritory } from "./data/territory.js";
import { createTranslate } from "./lib/messages.js";
import { byId } from "./lib/refs.js";
import { MapUnavailable, openMap } from "./map/open-map.js";
import { followAddress } from "./state/follow-address.js";
import { locateSelected } from "./data/locate.js";
import { setProblem } from "./state/problems.js";
import { createStore } from "./state/store.js";
import { openingState, readAddress } from "./state/url.js";
import { showCredits } from "./ui/credits.js";
import { createDock } from "./ui/dock.js";
import { createFilters } from "./ui/filters.js";
import { createGroundCard } from "./ui/ground-card.js";
import { hitText } from "./ui/hit-text.js";
import { createLegend } from "./ui/legend.js";
import { createNotice } from "./ui/notice.js";
import { createPanel } from "./ui/panel.js";
import { createPrint } from "./ui/print.js";
import { createSearch } from "./ui/search.js";
import { createSheet } from "./ui/sheet.js";
import { colourTheatre } from "./lib/theme.js";

/** @type {Config} */
const config = JSON.parse(byId("config").textContent);
const t = createTranslate(config.messages, config.language);
const api = createApi();

const address = readAddress(location.search, config);
const store = createStore(openingState(address.patch, config));
const selection = createSelection({ store, api, config, t });
const spots = createSpots({ store, selection, api });
const territory = createTerritory({ store, api, config, t });
const change = createComparison({ store, api, territory, config, t });
// Starts the requests first, because creating the page takes longer on a slow processor than the
// response.
selection.start();
territory.start();
colourTheatre(config.theatre);

/**
 * @type {Awaited<ReturnType<typeof openMap>> | null} null: not open yet, or Leaflet failed to load
 */
let map = null;

const notice = createNotice(byId("notice"), { store, selection, config, t, onFit: (bounds) => map?.fit(bounds) });
createFilters(byId("filters"), { store, selection, change, config, t });
createSearch(byId("search"), { store, api, config, t, onPlace: (place) => map?.markPlace(place) });
createLegend(/** @type {HTMLDetailsElement} */ (byId("legend")), { store, selection, territory, change, config, t });
showCredits(byId("attribution"), config);
createDock(byId("dock"), { store, selection, territory, change, config, t });
createPanel(byId("panel"), { store, selection, territory, config, t, api, spots });
createPrint(byId("print-head"), {
  dock: byId("dock"),
  legend: /** @type {HTMLDetailsElement} */ (byId("legend")),
  store,
  config,
  t,
});
const page = byId("page");
createSheet({ page, sheet: byId("sheet"), grip: byId("grip"), dock: byId("dock"), above: byId("filters"), store, t });
const showPanel = () => (page.dataset.panel = store.get().panel ?? "");
store.watch((state) => state.panel, showPanel);
showPanel();

followAddress({ store, config, onMisread });
if (address.misread.length) onMisread(address.misread);

// Lets pending responses run before the map is created.
await new Promise((resolve) => setTimeout(resolve));
try {
  map = await openMap(byId("map"), {
    store,
    selection,
    territory,
    change,
    config,
    api,
    spots,
    t,
    zoom: byId("zoom"),
    scale: byId("scale"),
    picture: /** @type {HTMLCanvasElement} */ (byId("print-map")),
    tip: byId("tip"),
    describe: (hit, rows) => hitText(hit.row, rows, { selection, config, t }),
    groundContent: createGroundCard({ store, territory, config, api, t }),
    onNoTiles: () => notice.show(t("Background map unavailable; showing a simple one.")),
  });
} catch (error) {
  if (!(error instanceof MapUnavailable)) reportError(error);
  doWithoutMap();
}
void locateSelected({ store, api, named: address.named });

/** Shows the invalid parameters of the URL. @param {import("./state/url.js").Misread[]} misread */
function onMisread(misread) {
  const parts = misread.map(({ parameter, value }) => `${parameter}=${value}`).join(", ");
  notice.show(t("Some parts of this link were not recognised and were ignored: {parts}", { parts }));
}

/** Shows the page without a map. The list and the dock then follow the selected window. */
function doWithoutMap() {
  const show = () => store.set({ shown: store.get().window });
  selection.watch(show);
  store.watch((state) => state.window, show);
  store.set({ panel: store.get().panel ?? "list" });
  setProblem(store, "map", {
    what: t("The map cannot be drawn."),
    why: t("The map library did not load. The list shows the same events."),
    retry: () => location.reload(),
  });
}
