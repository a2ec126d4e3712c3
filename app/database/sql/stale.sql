-- Functions of statement-level triggers (`triggers.sql`) that record the days of changed events,
-- whose derived data is then stale, in the transaction of the change (docs/decisions/0013). Binds:
-- none.

-- Several transactions may record the same day: a unique key would make writers wait for each
-- other.

-- Returns whether an event of a public origin may be in a part of the columns. It has no subquery,
-- so the planner can inline it, which is ten times as fast. Events under embargo are not in a part;
-- the release job updates them when the embargo ends. An embargo that was set after the release
-- ends by the clock: hence one hour ahead, which is longer than any transaction lasts that could
-- commit after the end.
CREATE FUNCTION frontline.event_may_be_shown(event frontline.event) RETURNS boolean
LANGUAGE sql STABLE
RETURN event.state = 'published'
    AND event.released_at IS NOT NULL
    AND NOT event.barred
    AND NOT event.misdated
    AND event.hidden_at IS NULL
    AND (event.public_from IS NULL OR event.public_from <= frontline.app_now() + interval '1 hour');

CREATE FUNCTION frontline.mark_days_of_inserted_events() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public AS $$
BEGIN
    INSERT INTO event_columns_stale (day, removal)
    SELECT DISTINCT (happened_from AT TIME ZONE 'UTC')::date, false
    FROM new_rows n
    WHERE event_may_be_shown(n) AND n.origin IN (SELECT slug FROM origin WHERE public);
    RETURN NULL;
END $$;

CREATE FUNCTION frontline.mark_days_of_deleted_events() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public AS $$
BEGIN
    INSERT INTO event_columns_stale (day, removal)
    SELECT DISTINCT (happened_from AT TIME ZONE 'UTC')::date, true
    FROM old_rows o
    WHERE event_may_be_shown(o) AND o.origin IN (SELECT slug FROM origin WHERE public);
    RETURN NULL;
END $$;

-- Any change counts as a removal (the part must not be served any more), with two exceptions.
-- Changes of text that the map does not draw make no part stale. Changes of attributes that only
-- colour or filter make the part stale, but it may be served until it is rebuilt. A column that
-- this function does not know counts as a removal.
CREATE FUNCTION frontline.mark_days_of_updated_events() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public SET plan_cache_mode = 'force_custom_plan' AS $$
DECLARE
    undrawn text[] := ARRAY[/*fields quoted event.stale=nothing*/];
    mild text[] := ARRAY[/*fields quoted event.stale=part*/];
BEGIN
    WITH changed AS (
        SELECT o.happened_from AS before, n.happened_from AS after,
            event_may_be_shown(o) AND o.origin IN (SELECT slug FROM origin WHERE public) AS shown_before,
            event_may_be_shown(n) AND n.origin IN (SELECT slug FROM origin WHERE public) AS shown_after,
            to_jsonb(o) - undrawn AS old_row, to_jsonb(n) - undrawn AS new_row
        FROM old_rows o
        JOIN new_rows n USING (id)
        WHERE 'published' IN (o.state, n.state)
    ), told AS (
        SELECT before AS moment, NOT shown_after OR old_row - mild <> new_row - mild AS removal
        FROM changed WHERE shown_before AND (NOT shown_after OR old_row <> new_row)
        UNION ALL
        SELECT after, false FROM changed WHERE shown_after AND (NOT shown_before OR old_row <> new_row)
    )
    INSERT INTO event_columns_stale (day, removal)
    SELECT (moment AT TIME ZONE 'UTC')::date, bool_or(removal) FROM told GROUP BY 1;
    RETURN NULL;
END $$;

CREATE FUNCTION frontline.mark_days_of_updated_origins() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public AS $$
BEGIN
    INSERT INTO event_columns_stale (day, removal)
    SELECT DISTINCT NULL::date, o.public FROM old_rows o JOIN new_rows n USING (slug)
    WHERE o.public IS DISTINCT FROM n.public;
    RETURN NULL;
END $$;

-- The columns contain the classes of an event's sources, so adding or removing a source makes the
-- event's day stale. That is not a removal. Imports insert a row for each event, most of them
-- drafts.
CREATE FUNCTION frontline.mark_days_of_event_sources() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public SET plan_cache_mode = 'force_custom_plan' AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO event_columns_stale (day, removal)
        SELECT DISTINCT (e.happened_from AT TIME ZONE 'UTC')::date, false
        FROM new_rows n
        JOIN event e ON e.id = n.event_id
        WHERE event_may_be_shown(e) AND e.origin IN (SELECT slug FROM origin WHERE public);
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO event_columns_stale (day, removal)
        SELECT DISTINCT (e.happened_from AT TIME ZONE 'UTC')::date, false
        FROM old_rows o
        JOIN event e ON e.id = o.event_id
        WHERE event_may_be_shown(e) AND e.origin IN (SELECT slug FROM origin WHERE public);
    ELSE
        INSERT INTO event_columns_stale (day, removal)
        SELECT DISTINCT (e.happened_from AT TIME ZONE 'UTC')::date, false
        FROM (
            (SELECT event_id, source_id FROM old_rows EXCEPT SELECT event_id, source_id FROM new_rows)
            UNION
            (SELECT event_id, source_id FROM new_rows EXCEPT SELECT event_id, source_id FROM old_rows)
        ) changed
        JOIN event e ON e.id = changed.event_id
        WHERE event_may_be_shown(e) AND e.origin IN (SELECT slug FROM origin WHERE public);
    END IF;
    IF FOUND THEN
        PERFORM pg_notify('frontline_content', '');
    END IF;
    RETURN NULL;
END $$;

-- Trigger function for the places that an event names: the columns say whether its own place is far
-- from them. Imports insert a row for many events, most of them drafts.
CREATE FUNCTION frontline.mark_days_of_event_places() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public SET plan_cache_mode = 'force_custom_plan' AS $$
BEGIN
    INSERT INTO event_columns_stale (day, removal)
    SELECT DISTINCT (e.happened_from AT TIME ZONE 'UTC')::date, false
    FROM changed_rows c
    JOIN event e ON e.id = c.event_id
    WHERE event_may_be_shown(e) AND e.origin IN (SELECT slug FROM origin WHERE public);
    RETURN NULL;
END $$;

-- Trigger function for sources that get another class, are hidden, or are shown again.
CREATE FUNCTION frontline.mark_days_of_updated_sources() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public SET plan_cache_mode = 'force_custom_plan' AS $$
BEGIN
    INSERT INTO event_columns_stale (day, removal)
    SELECT DISTINCT (e.happened_from AT TIME ZONE 'UTC')::date, false
    FROM old_rows o
    JOIN new_rows n USING (id)
    JOIN event_source es ON es.source_id = n.id
    JOIN event e ON e.id = es.event_id
    WHERE (o.source_class <> n.source_class OR (o.status = 'hidden') <> (n.status = 'hidden'))
        AND event_may_be_shown(e) AND e.origin IN (SELECT slug FROM origin WHERE public);
    IF FOUND THEN
        PERFORM pg_notify('frontline_content', '');
    END IF;
    RETURN NULL;
END $$;
