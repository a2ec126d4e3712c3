-- Tell of every staged event whether it is there already, and whether it is still the same. An event is known by its
-- origin and the origin's id of it, or by our own id when the file gives that. Binds: none.
UPDATE staged_event s
SET existing = e.id
FROM frontline.event e
WHERE e.origin = s.origin AND e.origin_id = s.origin_id;

UPDATE staged_event s
SET existing = e.id
FROM frontline.event e
WHERE s.existing IS NULL AND e.id = s.given_id AND e.origin = s.origin;

UPDATE staged_event s
SET event = e.id, fate = CASE WHEN e.import_digest = s.digest THEN 'unchanged' ELSE 'changed' END
FROM frontline.event e
WHERE e.id = s.existing;

-- An id of ours is kept when it is free.
UPDATE staged_event s
SET fate = 'added',
    event = CASE
        WHEN s.given_id IS NULL OR EXISTS (SELECT FROM frontline.event e WHERE e.id = s.given_id) THEN s.id
        ELSE s.given_id
    END
WHERE s.existing IS NULL;
