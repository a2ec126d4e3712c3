-- Tell of every staged event whether it is there already, and whether it is still the same. An event is known by its
-- origin and the origin's id of it, or by our own id when the file gives that. Binds: none.
ANALYZE staged_event (id, origin);
ANALYZE staged_source (event);
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

-- An id of ours is kept when it is free.
UPDATE staged_event s
SET event = s.given_id
WHERE s.fate = 'added' AND s.given_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM frontline.event e WHERE e.id = s.given_id);
