-- The public views: everything that the public can read. `grants.sql` says who may read them.
-- Binds: none.


-- Released events: published, and released at publication or by the release job at the end of an
-- embargo, with dates that obey the rule. They are public unless an embargo was set later. Only
-- `public_event` and `derived.sql` read this view; the points of `derived.sql` contain the end of
-- that embargo.
CREATE VIEW frontline.released_event AS
SELECT /*fields list event.public e*/,
    o.attribution, o.licence, greatest(e.updated_at, e.released_at) AS updated_at, e.public_from
FROM frontline.event e
JOIN frontline.origin o ON o.slug = e.origin
WHERE e.state = 'published'
    AND e.released_at IS NOT NULL
    AND NOT e.barred
    AND NOT e.misdated
    AND e.hidden_at IS NULL
    AND o.public;

-- Public events: released, and not under an embargo now. The time is checked here too, so no event
-- can be public too early.
CREATE VIEW frontline.public_event AS
SELECT /*fields list event.public*/, attribution, licence, updated_at
FROM frontline.released_event
WHERE public_from IS NULL OR public_from <= frontline.app_now();

-- Events that were public once and were withdrawn: when, and why. Events that were hidden for
-- somebody's safety show only the public note of the member who hid them.
CREATE VIEW frontline.public_tombstone AS
SELECT e.id,
    coalesce(e.hidden_at, e.withdrawn_at) AS withdrawn_at,
    CASE WHEN e.hidden_at IS NULL THEN e.withdrawn_reason ELSE e.hidden_note END AS withdrawn_reason,
    e.hidden_at IS NOT NULL AS hidden
FROM frontline.event e
JOIN frontline.origin o ON o.slug = e.origin
WHERE (e.state = 'withdrawn' OR e.hidden_at IS NOT NULL)
    AND e.released_at <= coalesce(e.hidden_at, e.withdrawn_at)
    AND NOT e.barred
    AND o.public;

-- The sources of public events and their roles, without hidden sources. An unpublished event may
-- have had the source before: so the public sees since when it belongs to the public event.
CREATE VIEW frontline.public_event_source AS
SELECT es.event_id, es.role, es.position, s.id AS source_id, /*fields list source.public s*/,
    greatest(es.added_at, e.released_at) AS first_seen_at
FROM frontline.event_source es
JOIN frontline.source s ON s.id = es.source_id
JOIN frontline.public_event e ON e.id = es.event_id
WHERE s.status <> 'hidden';

-- Claims about public events and areas. A claim from a hidden source is hidden too, since it would
-- quote it.
CREATE VIEW frontline.public_claim AS
SELECT /*fields list claim.public c*/, p.name AS party, p.kind AS party_kind
FROM frontline.claim c
JOIN frontline.party p ON p.id = c.party_id
JOIN frontline.public_event e ON e.id = c.event_id
WHERE NOT EXISTS (SELECT FROM frontline.source s WHERE s.id = c.source_id AND s.status = 'hidden')
UNION ALL
SELECT /*fields list claim.public c*/, p.name, p.kind
FROM frontline.claim c
JOIN frontline.party p ON p.id = c.party_id
JOIN frontline.control_area a ON a.id = c.area_id
JOIN frontline.assessment drawn ON drawn.id = a.assessment_id
JOIN frontline.origin o ON o.slug = drawn.assessor
WHERE drawn.state = 'published' AND drawn.released_at IS NOT NULL AND NOT drawn.misdated AND o.public
    AND (drawn.public_from IS NULL OR drawn.public_from <= frontline.app_now())
    AND NOT EXISTS (SELECT FROM frontline.source s WHERE s.id = c.source_id AND s.status = 'hidden');

-- Sources of public claims, and since when a public claim has cited them.
CREATE VIEW frontline.public_source AS
SELECT s.id, /*fields list source.public s*/, cited.first_seen_at
FROM frontline.source s
JOIN LATERAL (
    SELECT min(greatest(c.created_at, e.released_at, drawn.released_at)) AS first_seen_at
    FROM frontline.public_claim shown
    JOIN frontline.claim c ON c.id = shown.id
    LEFT JOIN frontline.event e ON e.id = c.event_id
    LEFT JOIN frontline.control_area a ON a.id = c.area_id
    LEFT JOIN frontline.assessment drawn ON drawn.id = a.assessment_id
    WHERE shown.source_id = s.id
) cited ON cited.first_seen_at IS NOT NULL
WHERE s.status <> 'hidden';

-- The revision of public content: changes with every transaction that changes public content. Two
-- states differ in at least one of the two numbers, since a transaction with a lower number may
-- commit later.
CREATE VIEW frontline.public_content AS
SELECT coalesce(max(number), 0) AS number, count(*) AS changes, max(made_at) AS changed_at
FROM frontline.content_revision;

CREATE VIEW frontline.public_place AS
SELECT geonameid, name, country, admin1, population, in_theatre, spot
FROM frontline.place;

CREATE VIEW frontline.public_place_name AS
SELECT geonameid, spelling, folded, kind, language
FROM frontline.place_name;

CREATE VIEW frontline.public_event_place AS
SELECT ep.event_id, ep.position, ep.geonameid, ep.as_spelled
FROM frontline.event_place ep
JOIN frontline.public_event e ON e.id = ep.event_id;

CREATE VIEW frontline.public_assessment AS
SELECT a.id, a.assessor, a.valid_from, a.covers, a.skipped,
    greatest(a.valid_from, (
        SELECT max(seen.observed_at) FROM frontline.observation seen WHERE seen.assessment_id = a.id
    )) AS last_seen_at
FROM frontline.assessment a
JOIN frontline.origin o ON o.slug = a.assessor
WHERE a.state = 'published'
    AND a.released_at IS NOT NULL
    AND NOT a.misdated
    AND (a.public_from IS NULL OR a.public_from <= frontline.app_now())
    AND o.public;

CREATE VIEW frontline.public_control_area AS
SELECT c.id, c.assessment_id, c.position, c.status, c.since_before, c.label, c.shape, c.area_km2
FROM frontline.control_area c
JOIN frontline.public_assessment a ON a.id = c.assessment_id;

-- Assessors with a public assessment: an assessor who has only drafts is not public yet.
CREATE VIEW frontline.public_assessor AS
SELECT a.slug, o.name, o.home_page, o.licence, o.attribution, a.definition
FROM frontline.assessor a
JOIN frontline.origin o ON o.slug = a.slug
WHERE EXISTS (SELECT FROM frontline.public_assessment drawn WHERE drawn.assessor = a.slug);

-- Parts of line histories; a part is public while all its areas are. Browsers request a part by its
-- hash.
CREATE VIEW frontline.public_line_history_part AS
SELECT p.assessor, p.position, p.hash, p.content, octet_length(p.content) AS bytes, p.decoded_bytes,
    cardinality(p.assessments) AS assessments, p.first_valid_from, p.last_valid_from
FROM frontline.line_history_part p
JOIN frontline.origin o ON o.slug = p.assessor
WHERE o.public
    AND cardinality(p.assessments) = (
        SELECT count(*) FROM frontline.public_assessment a WHERE a.id = ANY (p.assessments)
    );

-- Parts of the event columns. A part is public while all its events are: not after a removal until
-- it is rebuilt, and not before the embargo of its last event ends.
CREATE VIEW frontline.public_event_columns_part AS
SELECT p.from_day, p.to_day, p.spans, p.hash, p.events, p.first_day, p.last_day, p.decoded_bytes, p.brotli, p.gzip,
    octet_length(p.brotli) AS brotli_bytes, octet_length(p.gzip) AS gzip_bytes
FROM frontline.event_columns_part p
WHERE (p.public_from IS NULL OR p.public_from <= frontline.app_now())
    AND NOT EXISTS (
        SELECT FROM frontline.event_columns_stale s
        WHERE s.removal AND (s.day IS NULL OR s.day BETWEEN p.from_day AND p.to_day)
    );

-- Whether a part is stale; browsers then ask again soon. The number of pending changes is not
-- public.
CREATE VIEW frontline.public_event_columns_state AS
SELECT EXISTS (SELECT FROM frontline.event_columns_stale) AS stale;

-- The points of public events, for maps. The table has the events of `public_event`; embargoes are
-- checked here.
CREATE VIEW frontline.public_event_point AS
SELECT id, month, starts, is_point, tallied, morton, x, y, day, days, happened_from, happened_to, category, actor,
    affected, verification, origin, time_precision, precision_m
FROM frontline.event_point
WHERE public_from IS NULL OR public_from <= frontline.app_now();

-- Returns the percentage of points in a sample of about `frontline.sample_rows` rows.
CREATE FUNCTION frontline.sample_percent() RETURNS real
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT least(100, 100 * coalesce(nullif(current_setting('frontline.sample_rows', true), ''), '20000')::real
        / greatest(c.reltuples, 1))
    FROM pg_catalog.pg_class c WHERE c.oid = 'frontline.event_point'::regclass
$$;

-- A sample of the points, for queries that would read all of them: whole pages, always the same
-- ones.
CREATE VIEW frontline.public_event_point_sample AS
SELECT id, month, starts, is_point, tallied, morton, x, y, day, days, happened_from, happened_to, category, actor,
    affected, verification, origin, time_precision, precision_m
FROM frontline.event_point TABLESAMPLE SYSTEM (frontline.sample_percent()) REPEATABLE (1)
WHERE public_from IS NULL OR public_from <= frontline.app_now();

CREATE VIEW frontline.public_event_shape AS
SELECT id, shape, day, days, happened_from, happened_to, category, actor, affected, verification, origin,
    time_precision, precision_m
FROM frontline.event_shape
WHERE public_from IS NULL OR public_from <= frontline.app_now();

CREATE VIEW frontline.public_event_tally AS
SELECT level, cell, x, y, facet, year, total, days
FROM frontline.event_tally;

CREATE VIEW frontline.public_event_tally_change AS
SELECT cell, x, y, day, span, category, actor, affected, verification, origin, change
FROM frontline.event_tally_change
WHERE public_from IS NULL OR public_from <= frontline.app_now();

-- Origins with something public: an origin that has only drafts is not public yet. The tallies know
-- it; no index finds the public events of an origin quickly.
CREATE VIEW frontline.public_origin AS
SELECT o.slug, o.name, o.home_page, o.licence, o.attribution, counted.has_events
FROM frontline.origin o
JOIN LATERAL (
    SELECT (
        SELECT coalesce(sum(total), 0) FROM frontline.public_event_tally
        WHERE level = 0 AND cell = 0 AND facet IN (
            'origin:' || o.slug, 'longer/origin:' || o.slug, 'month/origin:' || o.slug, 'year/origin:' || o.slug
        )
    ) + (
        SELECT coalesce(sum(change), 0) FROM frontline.public_event_tally_change c WHERE c.origin = o.slug
    ) > 0 AS has_events
) counted ON true
WHERE o.public AND (
    counted.has_events
    OR EXISTS (SELECT FROM frontline.public_assessment drawn WHERE drawn.assessor = o.slug)
);
