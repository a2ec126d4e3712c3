-- Finds out whether each staged event exists, and whether its row has changed. An event is
-- identified by its origin and the id in the file, or by our id if the file has it. Binds: none.
ANALYZE staged_event (id, origin);
ANALYZE staged_source (event, source, canonical_url, name);
ANALYZE staged_claim (event);
ANALYZE staged_place (event);

UPDATE staged_event s
SET event = e.id, fate = CASE WHEN e.import_digest = s.digest THEN 'unchanged' ELSE 'changed' END
FROM frontline.event e
WHERE e.origin = s.origin AND e.origin_id = s.origin_id;

UPDATE staged_event s
SET event = e.id, fate = CASE WHEN e.import_digest = s.digest THEN 'unchanged' ELSE 'changed' END
FROM frontline.event e
WHERE s.fate = 'added' AND e.id = s.given_id AND e.origin = s.origin;

-- Keeps an id of ours if no event has it.
UPDATE staged_event s
SET event = s.given_id
WHERE s.fate = 'added' AND s.given_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM frontline.event e WHERE e.id = s.given_id);
