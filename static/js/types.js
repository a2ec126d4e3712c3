/**
 * The words the modules share. Nothing here runs.
 *
 * A `Day` is a UTC day as an integer: days since 1970-01-01. Ranges of days are half-open, `[from,
 * to)`; only what a person reads or types is inclusive, and `time/day.js` converts.
 */

/** @typedef {number} Day */

/** @typedef {{ from: Day, to: Day }} DayRange half-open: `to` is the first day after it */

/** @typedef {"window" | "cumulative" | "day"} Mode */

/** @typedef {"side" | "actor" | "category" | "verification"} ColourBy */

/**
 * What the reader asks to see: the chosen words of each facet of `state/facets.js`, where an empty
 * list means "all", and `q`, words in title or description, which the server looks for.
 * @typedef {Record<import("./state/facets.js").Facet, string[]> & { q: string }} Filters
 */

/** @typedef {{ longitude: number, latitude: number, zoom: number }} View */

/** @typedef {[west: number, south: number, east: number, north: number]} Bounds degrees */

/**
 * @typedef {"occupied" | "gray_zone" | "advance" | "claimed" | "counteroffensive" | "liberated"}
 *   AreaStatus
 */

/**
 * @typedef {{ from: Day, to: Day }} Comparison two days whose maps are compared; both are days,
 *   `from` the earlier
 */

/**
 * Somebody who draws control areas.
 * @typedef {object} Assessor
 * @property {string} slug
 * @property {string} name
 * @property {string | null} home_page
 * @property {string | null} licence
 * @property {string | null} attribution
 * @property {string} definition what this assessor means by control
 * @property {AreaStatus[]} covers
 * @property {number} assessments
 * @property {string | null} first_valid_from RFC 3339
 * @property {string | null} last_valid_from
 */

/**
 * @typedef {object} ControlArea
 * @property {AreaStatus} status
 * @property {boolean} sinceBefore held so since before the theatre's first day
 * @property {Int32Array[]} rings longitude, latitude, longitude … in 1e-5 degrees, the first corner
 *   not repeated; filled by the even-odd rule. A ring that did not change is the same array on
 *   every day
 */

/**
 * All that one assessor ever said, in the browser. An assessment is an index into it, in the order
 * of time.
 * @typedef {object} Territory
 * @property {Assessor} assessor
 * @property {number[]} validFrom milliseconds since 1970, ascending; an assessment holds until the
 *   next one
 * @property {(assessment: number) => AreaStatus[]} covers a status that is not among them is
 *   unknown, not absent
 * @property {(assessment: number) => ControlArea[]} areas
 * @property {(milliseconds: number) => boolean} prepare makes ready what jumps through time need,
 *   for so long; true: all is
 */

/**
 * Where modules get the assessors' histories: what is there by now, and word of more.
 * @typedef {object} TerritorySource
 * @property {(slug: string) => Territory | null} get
 * @property {(run: () => void) => () => void} watch called when another history has arrived
 */

/**
 * A failure worth telling the reader.
 * @typedef {object} Problem
 * @property {string} what what did not work
 * @property {string} why the reason, in words
 * @property {(() => void) | null} retry
 * @property {string} [retryLabel] what the button for it says, in the reader's language; "Try
 *   again" without
 */

/**
 * The state of the page: plain and serialisable (but for `problem.retry`). Data stays in caches.
 * @typedef {object} State
 * @property {DayRange} window what is asked for
 * @property {DayRange | null} shown what the map has drawn; its label follows this, never `window`
 * @property {Mode} mode
 * @property {number | null} playing days a second, or null when paused
 * @property {View} view
 * @property {Bounds | null} bounds what the map shows of the world
 * @property {Filters} filters
 * @property {ColourBy} colour
 * @property {string[]} assessors slugs: whose areas are shown, then whose line is laid over them;
 *   empty: the first there is
 * @property {Comparison | null} compare
 * @property {string | null} selected id of the chosen event
 * @property {string[]} stacked ids of the events at the chosen spot, newest first
 * @property {Outlined | null} outlined what was chosen on the map and the server has not told yet:
 *   until then `selected` is what was chosen before
 * @property {"card" | "list" | null} panel what lies at the right (desktop) or in the sheet (phone)
 * @property {DayRange | null} axis the days that the slider's axis shows
 * @property {boolean} loading
 * @property {Progress | null} progress of what is on its way
 * @property {Problem | null} problem
 */

/**
 * What the columns say of the events at a spot that was chosen.
 * @typedef {object} Outlined
 * @property {number} turn tells it from the one before
 * @property {import("./data/outline.js").Outline[]} outlines the newest, as many as are seen at
 *   once; none: the server has no such event
 * @property {number} count how many are listed once the server has told
 * @property {Problem | null} problem why the server did not tell
 */

/** @typedef {{ loaded: number, all: number }} Progress bytes */

/**
 * The store: one state, one direction. Input calls `set`; watchers do the rest.
 * @typedef {object} Store
 * @property {() => Readonly<State>} get
 * @property {(patch: Partial<State>) => void} set shallow patch; watchers run once, after it
 * @property {<T>(select: (state: Readonly<State>) => T, run: (now: T, before: T) => void) => () =>
 *   void} watch `run` is called when `select`'s result changes (by `Object.is`); returns the call
 *   that ends the watch
 */

/**
 * Some events in columns as they were read, sorted by first day. Columns of words, and `precision`,
 * are as they are on the wire, 1 + index into the list, 0 for what is not known: `assemble` makes
 * `EventColumns` of them, without a copy between.
 * @typedef {object} EventPartOwn
 * @property {number} count
 * @property {number[]} precisions metres
 * @property {Int32Array} x
 * @property {Int32Array} y
 * @property {Day} firstDay
 * @property {number[]} perDay how many rows begin on the first day, on the next one, and so on
 * @property {Int32Array | null} days null: each touches one day
 * @property {Uint8Array} precision
 * @property {Map<number, Shape>} shapes
 */

/**
 * @typedef {import("./data/event-columns.js").WordList} WordList
 * @typedef {import("./data/event-columns.js").WordColumn} WordColumn
 * @typedef {import("./state/facets.js").NullableColumn} NullableColumn
 * @typedef {import("./state/facets.js").BitColumn} BitColumn
 */

/**
 * @typedef {EventPartOwn & Record<WordList, string[]> & Record<WordColumn | BitColumn, Uint8Array>}
 *   EventPart
 */

/**
 * The public events that are here in columns, sorted by `day`. Rows are indices into the typed
 * arrays.
 * @typedef {object} EventColumnsOwn
 * @property {string} revision
 * @property {number} count
 * @property {number} total how many events there are, also those that are not here
 * @property {DayRange[]} missing days whose events are not all here, in order
 * @property {Int32Array} x the place, on the grid of `lib/grid.js`
 * @property {Int32Array} y
 * @property {Int32Array} day first UTC day
 * @property {Int32Array} days how many UTC days it touches, at least 1
 * @property {Int32Array} precisionM metres, -1 is not known
 * @property {Map<number, Shape>} shapes the lines and areas, by row
 * @property {DayRange} extent the days that have events, here or not
 */

/**
 * With the columns of `state/facets.js`: indices into the lists of words (of nullable columns -1 is
 * not known), and bits.
 * @typedef {EventColumnsOwn & Record<WordList, string[]> & Record<NullableColumn, Int8Array>
 *   & Record<Exclude<WordColumn, NullableColumn> | BitColumn, Uint8Array>} EventColumns
 */

/** @typedef {{ id: string, geometry: import("geojson").Geometry }} Shape */

/**
 * The events the filters leave: `mask[row]` is 1 for a row that passes. Recomputed when filters
 * change, not when time does.
 * @typedef {object} Selection
 * @property {EventColumns} columns
 * @property {Uint8Array} mask
 * @property {number} count rows that pass, over all time
 */

/**
 * Where modules get the selection: the latest, and word of a new one.
 * @typedef {object} SelectionSource
 * @property {() => Selection | null} get
 * @property {(run: (selection: Selection) => void) => () => void} watch called at once when there
 *   is one
 */

/**
 * @typedef {{ slug: string, name: string, adjective: string, colour: string, colour_night: string
 *   }} Belligerent
 */

/**
 * @typedef {{ slug: string, name: string, parent: string | null, colour: string, colour_night:
 *   string }} Category
 */

/**
 * What the page is told by the server, in `<script type="application/json" id="config">`.
 * @typedef {object} Config
 * @property {{ name: string, extent: Bounds, first_day: string, view: View, belligerents:
 *   Belligerent[], categories: Category[] }} theatre
 * @property {Assessor[]} assessors the one with the newest assessment first
 * @property {{ slug: string, name: string }[]} origins those that have events, by name
 * @property {{ event: PlainField[], source: PlainField[] }} fields what card and event page show
 *   without a place made for it
 * @property {{ from: string, to: string }} opening inclusive days
 * @property {string} newest_day of the events
 * @property {string} last_day of all that the map can show, the newest assessment included
 * @property {{ url: string, attribution: string, attribution_url: string, max_zoom: number } |
 *   null} tiles
 * @property {string | null} ground where the ground's file lies; null: none was made
 * @property {string} language
 * @property {Record<string, string>} messages English to the reader's language
 * @property {boolean} synthetic
 */

/**
 * A field that card and event page show as "Title: value".
 * @typedef {object} PlainField
 * @property {string} name of the property
 * @property {string} type as in `app/fields/field.py`: "text", "moment", …
 * @property {string} title in the reader's language
 * @property {Record<string, string>} words of a closed list, each in the reader's language; empty:
 *   the values are free
 */

/**
 * Translates an English text; `{name}` in it is replaced by the value of that name. `plural` takes
 * the text for one and the text for several, and the number that decides.
 *
 * @typedef {((english: string, values?: Values) => string) & { plural: (singular: string, plural:
 *   string, number: number, values?: Values) => string }} Translate
 */

/** @typedef {Record<string, string | number>} Values */

/**
 * @typedef {Record<string, string | Record<string, string>>} Messages texts by their English;
 *   plural forms by category
 */

/**
 * An event as the API gives it.
 * @typedef {import("geojson").Feature<import("geojson").Geometry, EventProperties> & { id: string
 *   }} EventFeature
 */

/**
 * @typedef {object} EventProperties
 * @property {string} title
 * @property {string | null} description
 * @property {string} category
 * @property {string | null} actor
 * @property {string | null} affected
 * @property {string} verification
 * @property {number | null} precision_m metres
 * @property {string} happened_from RFC 3339, UTC
 * @property {string} happened_to exclusive
 * @property {string} time_precision
 * @property {boolean} time_inferred
 * @property {string[]} sensitivity
 * @property {{ geonameid: number | null, name: string, as_spelled: string | null, names:
 *   Record<string, string> }[]} places
 * @property {EventSource[]} sources
 * @property {Claim[]} claims
 * @property {string} origin
 * @property {string | null} attribution
 * @property {string | null} licence
 * @property {string} updated_at
 * @property {string} released_at since when it is on this map
 */

/**
 * @typedef {object} EventSource
 * @property {string} id
 * @property {"footage" | "geolocation" | "report" | "statement"} kind
 * @property {string | null} url null: known by name only
 * @property {string} name
 * @property {string | null} platform
 * @property {string | null} publisher
 * @property {string | null} author
 * @property {string | null} published_at
 * @property {string | null} language
 * @property {"live" | "deleted" | "unknown"} status
 * @property {"party" | "state_affiliated" | "independent" | "unknown"} source_class who speaks;
 *   unknown counts as not independent
 * @property {string | null} archive_url
 * @property {string} first_seen_at when this map first had it
 */

/**
 * @typedef {object} Claim
 * @property {string} id
 * @property {string} party
 * @property {string} party_kind
 * @property {"asserts" | "denies"} stance
 * @property {string} statement
 * @property {"event" | "area"} about
 * @property {string[]} chain how it reached us, nearest first
 * @property {string | null} source_id
 * @property {string | null} stated_at RFC 3339
 */

export {};

/** @typedef {{ longitude: number, latitude: number }} LonLat degrees */
