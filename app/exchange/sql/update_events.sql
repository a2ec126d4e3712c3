-- Updates the staged events that are `updated`. Ids and states stay. Claims and places are
-- deleted, and inserted again like those of new events; `write.sql` compares the sources. Binds:
-- none.
UPDATE frontline.event e
SET /*fields assign event.importable s*/, import_digest = s.digest, updated_at = now()
FROM staged_event s
WHERE s.fate = 'updated' AND e.id = s.event;

DELETE FROM frontline.claim b USING staged_event s WHERE s.fate = 'updated' AND b.event_id = s.event;
DELETE FROM frontline.event_place b USING staged_event s WHERE s.fate = 'updated' AND b.event_id = s.event;
