-- Inserts the staged events that are `added`, and the sources, claims and places of events that are
-- `added` or `updated`. `frontline.imported_state` is the state of added events; events that policy
-- forbids to publish are drafts. Binds: none.
INSERT INTO frontline.event (id, origin_id, /*fields list event.importable*/, state, import_digest)
SELECT event, origin_id, /*fields list event.importable*/,
    CASE WHEN EXISTS (
        SELECT FROM frontline.category_policy p
        WHERE p.category = staged_event.category AND (actor = ANY (p.forbidden_for) OR affected = ANY (p.forbidden_for))
    ) THEN 'draft' ELSE current_setting('frontline.imported_state') END,
    digest
FROM staged_event
WHERE fate = 'added'
ORDER BY happened_from;

-- Removes sources, claims and places of rows that are not written.
DELETE FROM staged_source b USING staged_event s WHERE b.event = s.id AND s.fate NOT IN ('added', 'updated');
DELETE FROM staged_claim b USING staged_event s WHERE b.event = s.id AND s.fate NOT IN ('added', 'updated');
DELETE FROM staged_place b USING staged_event s WHERE b.event = s.id AND s.fate NOT IN ('added', 'updated');

-- Inserts one source for each new canonical address, with the fields of the first row that has the
-- address. Existing sources keep their ids.
WITH made AS (
    INSERT INTO frontline.source (id, /*fields list source.importable*/)
    SELECT DISTINCT ON (canonical_url) source, /*fields list source.importable*/
    FROM staged_source
    WHERE canonical_url IS NOT NULL
    ORDER BY canonical_url, event, position
    ON CONFLICT (canonical_url) DO NOTHING
    RETURNING id
)
UPDATE staged_source b
SET source = NULL
WHERE canonical_url IS NOT NULL AND NOT EXISTS (SELECT FROM made WHERE made.id = b.source);

-- Only for sources without an id: with all of them, a plan might read the whole table for each
-- batch.
UPDATE staged_source b
SET source = f.id
FROM frontline.source f
WHERE b.source IS NULL AND f.canonical_url = b.canonical_url;

-- Within an origin, sources known by name only are the same if their names are equal.
INSERT INTO named_source (origin, name, source)
SELECT named.origin, named.name, coalesce(known.id, gen_random_uuid())
FROM (
    SELECT DISTINCT s.origin, b.name
    FROM staged_source b
    JOIN staged_event s ON s.id = b.event
    WHERE b.canonical_url IS NULL
        AND NOT EXISTS (SELECT FROM named_source n WHERE n.origin = s.origin AND n.name = b.name)
) named
LEFT JOIN LATERAL (
    SELECT f.id
    FROM frontline.source f
    WHERE f.canonical_url IS NULL AND f.name = named.name
        AND EXISTS (
            SELECT FROM frontline.event_source es
            JOIN frontline.event e ON e.id = es.event_id
            WHERE es.source_id = f.id AND e.origin = named.origin
        )
    ORDER BY f.created_at, f.id
    LIMIT 1
) known ON true;

UPDATE staged_source b
SET source = n.source
FROM staged_event s, named_source n
WHERE s.id = b.event AND b.canonical_url IS NULL AND n.origin = s.origin AND n.name = b.name;

INSERT INTO frontline.source (id, /*fields list source.importable*/)
SELECT DISTINCT ON (b.source) b.source, /*fields list source.importable b*/
FROM staged_source b
JOIN staged_event s ON s.id = b.event
WHERE b.canonical_url IS NULL
ORDER BY b.source, s.file, s.line, b.position
ON CONFLICT (id) DO NOTHING;

-- Updated events keep the links that they still have, and since when.
DELETE FROM frontline.event_source es
USING staged_event s
WHERE s.fate = 'updated' AND es.event_id = s.event AND NOT EXISTS (
    SELECT FROM staged_source b WHERE b.event = s.id AND b.source = es.source_id
);
UPDATE frontline.event_source es
SET role = b.role, position = b.position
FROM staged_event s
JOIN staged_source b ON b.event = s.id
WHERE s.fate = 'updated' AND es.event_id = s.event AND es.source_id = b.source
    AND (es.role, es.position) <> (b.role, b.position);

INSERT INTO frontline.event_source (event_id, source_id, role, position)
SELECT s.event, b.source, b.role, b.position
FROM staged_source b
JOIN staged_event s ON s.id = b.event
WHERE s.fate <> 'updated' OR NOT EXISTS (
    SELECT FROM frontline.event_source es WHERE es.event_id = s.event AND es.source_id = b.source
);

INSERT INTO frontline.party (id, name, kind)
SELECT gen_random_uuid(), said.party, said.party_kind
FROM (SELECT DISTINCT party, party_kind FROM staged_claim) said
ON CONFLICT (name, kind) DO NOTHING;

INSERT INTO frontline.claim (id, event_id, source_id, position, party_id, /*fields list claim.importable*/)
SELECT gen_random_uuid(), s.event, b.source, c.position, p.id, /*fields list claim.importable c*/
FROM staged_claim c
JOIN staged_event s ON s.id = c.event
JOIN frontline.party p ON p.name = c.party AND p.kind = c.party_kind
LEFT JOIN staged_source b ON b.event = c.event AND b.position = c.source_position;

INSERT INTO frontline.event_place (event_id, position, geonameid, as_spelled)
SELECT s.event, p.position, p.geonameid, p.as_spelled
FROM staged_place p
JOIN staged_event s ON s.id = p.event;
