-- Rebuilds the points and tallies of all public events if there are none: after a migration that
-- emptied these tables. In batches, so that memory does not grow with the number of events. Binds:
-- none.
DO $$
DECLARE
    part uuid[];
    last_moment timestamptz := '-infinity';
    last_id uuid := '00000000-0000-0000-0000-000000000000';
    -- Only tests set `frontline.points_batch`.
    batch constant integer := coalesce(nullif(current_setting('frontline.points_batch', true), ''), '50000');
BEGIN
    IF EXISTS (SELECT FROM frontline.event_point) OR NOT EXISTS (SELECT FROM frontline.released_event) THEN
        RETURN;
    END IF;
    LOOP
        SELECT array_agg(id ORDER BY happened_from, id), max(happened_from),
            (array_agg(id ORDER BY happened_from DESC, id DESC))[1]
        INTO part, last_moment, last_id
        FROM (
            SELECT id, happened_from FROM frontline.event
            WHERE state = 'published' AND (happened_from, id) > (last_moment, last_id)
            ORDER BY happened_from, id
            LIMIT batch
        ) following;
        EXIT WHEN part IS NULL;
        PERFORM frontline.make_points(part);
    END LOOP;
    PERFORM frontline.tally();
    PERFORM pg_notify('frontline_content', '');
END
$$;
