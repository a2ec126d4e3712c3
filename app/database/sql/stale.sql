-- Derived data learns of every change to an event, in its transaction, whoever makes it: statement-level triggers that
-- write down the days of what changed (docs/decisions/0013). Made anew after every migration. Binds: none.

-- A day is written once a statement, and several may write the same: a unique key would make writers wait for each other.

-- Whether an event of a public origin may be in a part. No question within: so it is made part of the question that asks
-- it, which is ten times as fast. One under embargo is not, and its coming tells nobody that it is there; the releaser
-- writes it when its time has come. A later embargo of what was released ends by the clock, and is found by its moment: an
-- hour is more than a transaction lasts that could commit after that.
CREATE OR REPLACE FUNCTION frontline.event_may_be_shown(event frontline.event) RETURNS boolean
LANGUAGE sql STABLE
RETURN event.state = 'published'
    AND event.released_at IS NOT NULL
    AND NOT event.barred
    AND event.hidden_at IS NULL
    AND (event.public_from IS NULL OR event.public_from <= frontline.app_now() + interval '1 hour');

CREATE OR REPLACE FUNCTION frontline.event_inserted_is_stale() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public AS $$
BEGIN
    INSERT INTO event_columns_stale (day, removal)
    SELECT DISTINCT (happened_from AT TIME ZONE 'UTC')::date, false
    FROM new_rows n
    WHERE event_may_be_shown(n) AND n.origin IN (SELECT slug FROM public_origin);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION frontline.event_deleted_is_stale() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public AS $$
BEGIN
    INSERT INTO event_columns_stale (day, removal)
    SELECT DISTINCT (happened_from AT TIME ZONE 'UTC')::date, true
    FROM old_rows o
    WHERE event_may_be_shown(o) AND o.origin IN (SELECT slug FROM public_origin);
    RETURN NULL;
END $$;

-- What was shown is taken back by any change but one of words that the map does not draw (no part is stale) and one of
-- what only colours or filters it (the part is stale, and may be handed out until it is made anew). A column that this
-- function does not know counts as taken back.
CREATE OR REPLACE FUNCTION frontline.event_updated_is_stale() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public SET plan_cache_mode = 'force_custom_plan' AS $$
DECLARE
    undrawn text[] := ARRAY[/*fields quoted event.stale=nothing*/];
    mild text[] := ARRAY[/*fields quoted event.stale=part*/];
BEGIN
    WITH changed AS (
        SELECT o.happened_from AS before, n.happened_from AS after,
            event_may_be_shown(o) AND o.origin IN (SELECT slug FROM public_origin) AS shown_before,
            event_may_be_shown(n) AND n.origin IN (SELECT slug FROM public_origin) AS shown_after,
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

CREATE OR REPLACE FUNCTION frontline.origin_updated_is_stale() RETURNS trigger
LANGUAGE plpgsql SET search_path = frontline, public AS $$
BEGIN
    INSERT INTO event_columns_stale (day, removal)
    SELECT DISTINCT NULL::date, o.public FROM old_rows o JOIN new_rows n USING (slug)
    WHERE o.public IS DISTINCT FROM n.public;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER event_inserted_is_stale AFTER INSERT ON frontline.event
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.event_inserted_is_stale();
CREATE OR REPLACE TRIGGER event_deleted_is_stale AFTER DELETE ON frontline.event
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.event_deleted_is_stale();
CREATE OR REPLACE TRIGGER event_updated_is_stale AFTER UPDATE ON frontline.event
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.event_updated_is_stale();
CREATE OR REPLACE TRIGGER origin_updated_is_stale AFTER UPDATE ON frontline.origin
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.origin_updated_is_stale();
