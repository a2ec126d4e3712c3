-- Tables that triggers derive from public events, in the transaction of the change: points for
-- maps, and pending changes of their tallies. The view `released_event` (`public.sql`) alone
-- decides what is public. The triggers are in `triggers.sql`. Listeners get a notification when a
-- change is committed. Binds: none.

-- Interleaves the bits of two integers of at most 30 bits (Morton code); the bits of `y` are the
-- higher ones.
CREATE FUNCTION frontline.morton(x bigint, y bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    x := (x | (x << 16)) & x'0000FFFF0000FFFF'::bigint;
    x := (x | (x << 8)) & x'00FF00FF00FF00FF'::bigint;
    x := (x | (x << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;
    x := (x | (x << 2)) & x'3333333333333333'::bigint;
    x := (x | (x << 1)) & x'5555555555555555'::bigint;
    y := (y | (y << 16)) & x'0000FFFF0000FFFF'::bigint;
    y := (y | (y << 8)) & x'00FF00FF00FF00FF'::bigint;
    y := (y | (y << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;
    y := (y | (y << 2)) & x'3333333333333333'::bigint;
    y := (y | (y << 1)) & x'5555555555555555'::bigint;
    RETURN x | (y << 1);
END
$$;

-- Deletes the points of events, and records the change for the tallies.
CREATE FUNCTION frontline.forget_points(changed uuid[]) RETURNS void
LANGUAGE sql SET timezone = 'UTC' SET plan_cache_mode = 'force_custom_plan' AS $$
    WITH gone AS (
        DELETE FROM frontline.event_point WHERE id = ANY (changed)
        RETURNING id, tallied, starts, is_point, morton, x, y, day, time_precision, category, actor, affected,
            verification, origin, public_from
    ), shapes AS (
        DELETE FROM frontline.event_shape s USING gone WHERE s.id = gone.id AND NOT gone.is_point
    )
    INSERT INTO frontline.event_tally_change (
        cell, x, y, day, span, category, actor, affected, verification, origin, change, public_from
    )
    SELECT morton >> 40, x >> 20, y >> 20, day,
        CASE WHEN tallied THEN 'day' WHEN time_precision IN ('month', 'year') THEN time_precision ELSE 'longer' END,
        category, actor, affected, verification, origin, -count(*), public_from
    FROM gone WHERE starts
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, public_from;
$$;

-- Inserts points for those of the given events that are public and have none, and records the
-- change for the tallies. A point has the end of its embargo, which `public_event_point` checks.
-- Each `OFFSET 0` keeps the planner from inlining a subquery, so that its expressions are computed
-- once and not again for each use. The one of `released_event` makes the planner look each event up
-- by its id: without statistics, it would join all events with all ids.
CREATE FUNCTION frontline.make_points(changed uuid[]) RETURNS void
LANGUAGE plpgsql SET timezone = 'UTC' SET plan_cache_mode = 'force_custom_plan' AS $$
BEGIN
    WITH came AS (
        INSERT INTO frontline.event_point (
            id, month, starts, is_point, tallied, morton, x, y, day, days, happened_from, happened_to, category, actor,
            affected, verification, origin, time_precision, precision_m, public_from
        )
        SELECT id, month, month IN (first_month, -1), is_point,
            last_day = first_day AND time_precision IN ('minute', 'hour', 'day'),
            frontline.morton(x, y), x, y, first_day, last_day - first_day + 1,
            happened_from, happened_to, category, actor, affected, verification, origin, time_precision, precision_m,
            public_from
        FROM (
            SELECT *, generate_series(
                CASE WHEN last_month - first_month > 24 THEN -1 ELSE first_month END,
                CASE WHEN last_month - first_month > 24 THEN -1 ELSE last_month END
            ) AS month
            FROM (
                SELECT *, least(floor((ST_X(spot) + 180) / 360 * 1073741824), 1073741823)::integer AS x,
                    greatest(least(floor((0.5 - asinh(tan(radians(
                        least(greatest(ST_Y(spot), -85.06), 85.06)
                    ))) / (2 * pi())) * 1073741824), 1073741823), 0)::integer AS y,
                    (12 * date_part('year', first_day) + date_part('month', first_day) - 1)::integer AS first_month,
                    (12 * date_part('year', last_day) + date_part('month', last_day) - 1)::integer AS last_month
                FROM (
                    SELECT *, CASE WHEN is_point THEN shape ELSE ST_PointOnSurface(shape) END AS spot
                    FROM (
                        SELECT e.*, GeometryType(shape) = 'POINT' AS is_point, happened_from::date AS first_day,
                            (happened_to - interval '1 microsecond')::date AS last_day
                        FROM unnest(changed) AS one
                        CROSS JOIN LATERAL (SELECT * FROM frontline.released_event WHERE id = one OFFSET 0) e
                        OFFSET 0
                    ) kind
                    OFFSET 0
                ) spotted
                OFFSET 0
            ) spread
        ) touched
        RETURNING *
    ), shapes AS (
        INSERT INTO frontline.event_shape (
            id, shape, day, days, happened_from, happened_to, category, actor, affected, verification, origin,
            time_precision, precision_m, public_from
        )
        SELECT p.id, (SELECT e.shape FROM frontline.event e WHERE e.id = p.id), p.day, p.days, p.happened_from,
            p.happened_to, p.category, p.actor, p.affected, p.verification, p.origin, p.time_precision, p.precision_m,
            p.public_from
        FROM came p
        WHERE p.starts AND NOT p.is_point
    )
    INSERT INTO frontline.event_tally_change (
        cell, x, y, day, span, category, actor, affected, verification, origin, change, public_from
    )
    SELECT morton >> 40, x >> 20, y >> 20, day,
        CASE WHEN tallied THEN 'day' WHEN time_precision IN ('month', 'year') THEN time_precision ELSE 'longer' END,
        category, actor, affected, verification, origin, count(*), public_from
    FROM came WHERE starts
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, public_from;
END
$$;

-- Rebuilds the points of events: deletes all, inserts those of public events.
CREATE FUNCTION frontline.derive_points(changed uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM frontline.forget_points(changed);
    PERFORM frontline.make_points(changed);
END
$$;

-- Trigger function for written events. Most new events are drafts, which have no points.
CREATE FUNCTION frontline.update_points_of_events() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF NOT EXISTS (SELECT FROM old_rows) THEN RETURN NULL; END IF;
        PERFORM frontline.forget_points(ARRAY(SELECT id FROM old_rows));
    ELSIF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM new_rows WHERE state = 'published') THEN RETURN NULL; END IF;
        PERFORM frontline.make_points(ARRAY(SELECT id FROM new_rows WHERE state = 'published'));
    ELSE
        IF NOT EXISTS (SELECT FROM new_rows) THEN RETURN NULL; END IF;
        PERFORM frontline.derive_points(ARRAY(SELECT id FROM new_rows));
    END IF;
    PERFORM pg_notify('frontline_content', '');
    RETURN NULL;
END
$$;

-- Trigger function for TRUNCATE, which fires no other trigger.
CREATE FUNCTION frontline.delete_all_points() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE frontline.event_point, frontline.event_shape, frontline.event_tally, frontline.event_tally_change;
    PERFORM pg_notify('frontline_content', '');
    RETURN NULL;
END
$$;

CREATE FUNCTION frontline.update_points_of_origins() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM frontline.derive_points(ARRAY(
        SELECT e.id FROM frontline.event e
        JOIN new_rows n ON n.slug = e.origin
        JOIN old_rows o ON o.slug = n.slug
        WHERE o.public <> n.public
    ));
    PERFORM pg_notify('frontline_content', '');
    RETURN NULL;
END
$$;

-- Notifies processes that cache responses.
CREATE FUNCTION frontline.notify_caches() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('frontline_content', '');
    RETURN NULL;
END
$$;

-- Adds changes to some days of a year's counts (null: all counts are 0).
CREATE FUNCTION frontline.with_days(days integer[], doys integer[], changes integer[]) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    days := coalesce(days, array_fill(0, ARRAY[366]));
    FOR number IN 1..cardinality(doys) LOOP
        days[doys[number]] := days[doys[number]] + changes[number];
    END LOOP;
    RETURN days;
END
$$;

-- Folds recorded changes into the tallies, except those under an embargo. Concurrent calls wait for
-- each other. There are few distinct combinations of attributes, so their facets are computed once.
-- Each level is summed from the finer one.
CREATE FUNCTION frontline.tally() RETURNS bigint
LANGUAGE plpgsql SET timezone = 'UTC' SET work_mem = '64MB' AS $$
DECLARE
    folded bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(5214738219);
    WITH due AS MATERIALIZED (
        DELETE FROM frontline.event_tally_change WHERE public_from IS NULL OR public_from <= now()
        RETURNING cell, x, y, date_part('year', day)::smallint AS year, date_part('doy', day)::integer AS doy,
            span, category, coalesce(actor, '') AS actor, coalesce(affected, '') AS affected, verification, origin,
            change
    ), kinds AS MATERIALIZED (
        SELECT k.*, CASE k.span WHEN 'day' THEN '' ELSE k.span || '/' END || f.facet AS facet
        FROM (SELECT DISTINCT span, category, actor, affected, verification, origin FROM due) k
        CROSS JOIN LATERAL (
            SELECT '' AS facet
            UNION ALL
            SELECT 'category:' || array_to_string((string_to_array(k.category, '.'))[1:depth], '.')
            FROM generate_series(1, cardinality(string_to_array(k.category, '.'))) AS depth
            UNION ALL SELECT 'verification:' || k.verification
            UNION ALL SELECT 'origin:' || k.origin
            UNION SELECT 'side:' || k.actor WHERE k.actor <> ''
            UNION SELECT 'side:' || k.affected WHERE k.affected <> ''
        ) f
    ), tens AS (
        SELECT d.cell, min(d.x) AS x, min(d.y) AS y, k.facet, d.year, d.doy, sum(d.change)::integer AS change
        FROM due d
        JOIN kinds k USING (span, category, actor, affected, verification, origin)
        GROUP BY d.cell, k.facet, d.year, d.doy
    ), eights AS (
        SELECT cell >> 4 AS cell, min(x) >> 2 AS x, min(y) >> 2 AS y, facet, year, doy, sum(change)::integer AS change
        FROM tens
        GROUP BY 1, facet, year, doy
    ), sixes AS (
        SELECT cell >> 4 AS cell, min(x) >> 2 AS x, min(y) >> 2 AS y, facet, year, doy, sum(change)::integer AS change
        FROM eights
        GROUP BY 1, facet, year, doy
    ), at_levels AS (
        SELECT 10 AS level, * FROM tens
        UNION ALL SELECT 8, * FROM eights
        UNION ALL SELECT 6, * FROM sixes
        UNION ALL SELECT 0, 0, 0, 0, facet, year, doy, sum(change)::integer FROM sixes GROUP BY facet, year, doy
    ), summed AS (
        SELECT level, cell, min(x) AS x, min(y) AS y, facet, year, sum(change)::integer AS total,
            array_agg(doy) AS doys, array_agg(change) AS changes
        FROM at_levels
        WHERE change <> 0
        GROUP BY level, cell, facet, year
    ), held AS (
        SELECT s.level, s.cell, s.x, s.y, s.facet, s.year, s.total + coalesce(t.total, 0) AS total,
            frontline.with_days(t.days, s.doys, s.changes) AS days
        FROM summed s
        LEFT JOIN frontline.event_tally t USING (level, facet, cell, year)
    ), written AS (
        INSERT INTO frontline.event_tally AS t (level, cell, x, y, facet, year, total, days)
        SELECT level, cell, x, y, facet, year, total, days FROM held
        ON CONFLICT (level, facet, cell, year) DO UPDATE SET total = EXCLUDED.total, days = EXCLUDED.days
    )
    SELECT count(*) INTO folded FROM due;
    RETURN folded;
END
$$;
