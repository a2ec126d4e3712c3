-- Write the staged events that are `updated`: they keep their ids and their state; their sources, claims and places go, and
-- are written anew like those of new events. Binds: none.
UPDATE frontline.event e
SET /*fields assign event.importable s*/, import_digest = s.digest, updated_at = now()
FROM staged_event s
WHERE s.fate = 'updated' AND e.id = s.event;

DELETE FROM frontline.event_source b USING staged_event s WHERE s.fate = 'updated' AND b.event_id = s.event;
DELETE FROM frontline.claim b USING staged_event s WHERE s.fate = 'updated' AND b.event_id = s.event;
DELETE FROM frontline.event_place b USING staged_event s WHERE s.fate = 'updated' AND b.event_id = s.event;
