-- The rows that are older than the rule of dates or the rule of 0, 0 and break it, at most `most` of
-- each kind, and how many there are. PostgreSQL formats the days, because Python reads only the years 1 to 9999.
SELECT kind, id::text AS id, origin, title, total,
    to_char(starts AT TIME ZONE 'UTC', 'YYYY-MM-DD BC') AS first_day,
    to_char(ends AT TIME ZONE 'UTC', 'YYYY-MM-DD BC') AS end_day
FROM (
    (
        SELECT 'event' AS kind, id, concat_ws('/', origin, origin_id) AS origin, title, happened_from AS starts,
            happened_to AS ends, count(*) OVER () AS total
        FROM frontline.event WHERE misdated ORDER BY happened_from, id LIMIT :most
    )
    UNION ALL (
        SELECT 'submission', id, 'submission', description, happened_from, happened_to, count(*) OVER ()
        FROM frontline.submission WHERE misdated ORDER BY happened_from, id LIMIT :most
    )
    UNION ALL (
        SELECT 'assessment', id, assessor, file_name, valid_from, NULL, count(*) OVER ()
        FROM frontline.assessment WHERE misdated ORDER BY valid_from, id LIMIT :most
    )
    UNION ALL (
        SELECT 'null_island', id, concat_ws('/', origin, origin_id), title, happened_from, happened_to,
            count(*) OVER ()
        FROM frontline.event
        WHERE /*null_island shape*/ AND state <> 'withdrawn' AND set_aside_at IS NULL
        ORDER BY happened_from, id LIMIT :most
    )
) listed
