-- All that the public can get: one function, the public views, and the rights of the roles. Made anew after every
-- migration, in its transaction, by the owner; a test compares the live database with this file. Binds: none.

-- The clock of every question "is it public yet". Only tests set `frontline.now`.
CREATE OR REPLACE FUNCTION frontline.app_now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('frontline.now', true), '')::timestamptz, now());

CREATE VIEW frontline.public_origin AS
SELECT slug, name, home_page, licence, attribution
FROM frontline.origin
WHERE public;

CREATE VIEW frontline.public_event AS
SELECT e.id, e.title, e.description, e.category, e.actor, e.affected, e.shape, e.precision_m,
    e.happened_from, e.happened_to, e.time_precision, e.time_inferred, e.verification, e.sensitivity,
    e.words, e.origin, o.attribution, o.licence, greatest(e.updated_at, e.public_from) AS updated_at
FROM frontline.event e
JOIN frontline.origin o ON o.slug = e.origin
WHERE e.state = 'published'
    AND (e.public_from IS NULL OR e.public_from <= frontline.app_now())
    AND o.public;

-- What was public once and was taken back: that it was, when it went, and why.
CREATE VIEW frontline.public_tombstone AS
SELECT e.id, e.withdrawn_at, e.withdrawn_reason
FROM frontline.event e
JOIN frontline.origin o ON o.slug = e.origin
WHERE e.state = 'withdrawn'
    AND (e.public_from IS NULL OR e.public_from <= e.withdrawn_at)
    AND o.public;

-- The sources of public events, each with what it is for the event.
CREATE VIEW frontline.public_event_source AS
SELECT es.event_id, es.role, es.position, s.id AS source_id, s.name, s.canonical_url, s.given_url, s.platform,
    s.publisher, s.author, s.published_at, s.language, s.status, s.archive_url
FROM frontline.event_source es
JOIN frontline.source s ON s.id = es.source_id
JOIN frontline.public_event e ON e.id = es.event_id;

CREATE VIEW frontline.public_claim AS
SELECT c.id, c.event_id, c.source_id, c.position, c.party, c.party_kind, c.stance, c.statement, c.about, c.chain,
    c.stated_at
FROM frontline.claim c
JOIN frontline.public_event e ON e.id = c.event_id;

-- A source is public when an event or a claim that is public rests on it.
CREATE VIEW frontline.public_source AS
SELECT s.id, s.name, s.canonical_url, s.given_url, s.platform, s.publisher, s.author, s.published_at, s.language,
    s.status, s.archive_url
FROM frontline.source s
WHERE EXISTS (SELECT FROM frontline.public_event_source es WHERE es.source_id = s.id)
    OR EXISTS (SELECT FROM frontline.public_claim c WHERE c.source_id = s.id);

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

CREATE VIEW frontline.public_assessor AS
SELECT a.slug, o.name, o.home_page, o.licence, o.attribution, a.definition
FROM frontline.assessor a
JOIN frontline.origin o ON o.slug = a.slug
WHERE o.public;

CREATE VIEW frontline.public_assessment AS
SELECT a.id, a.assessor, a.valid_from, a.covers,
    greatest(a.valid_from, (
        SELECT max(seen.observed_at) FROM frontline.observation seen WHERE seen.assessment_id = a.id
    )) AS last_seen_at
FROM frontline.assessment a
JOIN frontline.origin o ON o.slug = a.assessor
WHERE a.state = 'published'
    AND (a.public_from IS NULL OR a.public_from <= frontline.app_now())
    AND o.public;

CREATE VIEW frontline.public_control_area AS
SELECT c.id, c.assessment_id, c.position, c.status, c.since_before, c.label, c.shape, c.area_km2
FROM frontline.control_area c
JOIN frontline.public_assessment a ON a.id = c.assessment_id;

-- A part is public while all that it was made of is; browsers hold it by its hash.
CREATE VIEW frontline.public_line_history_part AS
SELECT p.assessor, p.position, p.hash, p.content, octet_length(p.content) AS bytes, p.decoded_bytes,
    cardinality(p.assessments) AS assessments, p.first_valid_from, p.last_valid_from
FROM frontline.line_history_part p
JOIN frontline.origin o ON o.slug = p.assessor
WHERE o.public
    AND cardinality(p.assessments) = (
        SELECT count(*) FROM frontline.public_assessment a WHERE a.id = ANY (p.assessments)
    );

-- Events laid out for maps. The table holds what `public_event` does, but that embargoes end by the clock.
CREATE VIEW frontline.public_event_point AS
SELECT id, month, starts, is_point, tallied, morton, x, y, day, days, happened_from, happened_to, category, actor,
    affected, verification, time_precision, precision_m
FROM frontline.event_point
WHERE public_from IS NULL OR public_from <= frontline.app_now();

CREATE VIEW frontline.public_event_shape AS
SELECT id, shape, day, days, happened_from, happened_to, category, actor, affected, verification, time_precision,
    precision_m
FROM frontline.event_shape
WHERE public_from IS NULL OR public_from <= frontline.app_now();

CREATE VIEW frontline.public_event_tally AS
SELECT level, cell, x, y, facet, year, total, days
FROM frontline.event_tally;

CREATE VIEW frontline.public_event_tally_change AS
SELECT cell, x, y, day, span, category, actor, affected, verification, change
FROM frontline.event_tally_change
WHERE public_from IS NULL OR public_from <= frontline.app_now();

GRANT USAGE ON SCHEMA frontline TO frontline_app, frontline_public;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA frontline TO frontline_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA frontline TO frontline_app;
REVOKE INSERT, UPDATE, DELETE ON frontline.alembic_version FROM frontline_app;
REVOKE ALL ON ALL TABLES IN SCHEMA frontline FROM frontline_public;
GRANT SELECT ON frontline.public_origin, frontline.public_event, frontline.public_tombstone, frontline.public_event_source,
    frontline.public_claim, frontline.public_source, frontline.public_place, frontline.public_place_name,
    frontline.public_event_place, frontline.public_assessor, frontline.public_assessment, frontline.public_control_area,
    frontline.public_line_history_part TO frontline_public;
GRANT SELECT ON frontline.public_event_point, frontline.public_event_shape, frontline.public_event_tally,
    frontline.public_event_tally_change TO frontline_public;
