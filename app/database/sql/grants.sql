-- Privileges of each role on each object of the schema. Revokes all earlier grants first. Binds:
-- none.
DO $$
DECLARE
    one record;
BEGIN
    -- Tables, views and sequences, with the grants on their columns.
    FOR one IN
        SELECT DISTINCT c.oid::regclass AS relation, c.relkind = 'S' AS is_sequence,
            CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM pg_class c
        CROSS JOIN LATERAL (
            SELECT grantee FROM aclexplode(c.relacl)
            UNION
            SELECT x.grantee FROM pg_attribute t CROSS JOIN aclexplode(t.attacl) x
            WHERE t.attrelid = c.oid AND NOT t.attisdropped
        ) a
        WHERE c.relnamespace = 'frontline'::regnamespace AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
    LOOP
        EXECUTE format('REVOKE ALL ON %s %s FROM %s CASCADE',
            CASE WHEN one.is_sequence THEN 'SEQUENCE' ELSE 'TABLE' END, one.relation, one.grantee);
    END LOOP;
    FOR one IN
        SELECT DISTINCT p.oid::regprocedure AS routine,
            CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM pg_proc p CROSS JOIN aclexplode(p.proacl) a
        WHERE p.pronamespace = 'frontline'::regnamespace
            AND NOT EXISTS (
                SELECT FROM pg_depend d
                WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
            )
    LOOP
        EXECUTE format('REVOKE ALL ON ROUTINE %s FROM %s CASCADE', one.routine, one.grantee);
    END LOOP;
    FOR one IN
        SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END AS grantee
        FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) a
        WHERE n.nspname = 'frontline'
    LOOP
        EXECUTE format('REVOKE ALL ON SCHEMA frontline FROM %s CASCADE', one.grantee);
    END LOOP;
END
$$;

GRANT ALL ON SCHEMA frontline TO frontline_owner;
GRANT ALL ON ALL TABLES IN SCHEMA frontline TO frontline_owner;
GRANT ALL ON ALL SEQUENCES IN SCHEMA frontline TO frontline_owner;
GRANT USAGE ON SCHEMA frontline TO frontline_app, frontline_public;
-- Functions run with the rights of the caller, except trigger functions, which nobody can call.
GRANT EXECUTE ON ALL ROUTINES IN SCHEMA frontline TO frontline_owner, PUBLIC;

-- Runs with the owner's rights.
REVOKE EXECUTE ON FUNCTION frontline.analyze_imported FROM PUBLIC;
GRANT EXECUTE ON FUNCTION frontline.analyze_imported TO frontline_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA frontline TO frontline_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA frontline TO frontline_app;
-- Only migrations write here.
REVOKE INSERT, UPDATE, DELETE ON frontline.alembic_version, frontline.rules_deployment FROM frontline_app;
-- Only triggers write the revision trail and the content revisions; nobody changes them.
REVOKE INSERT, UPDATE, DELETE ON frontline.revision, frontline.content_revision FROM frontline_app;

GRANT SELECT ON
    frontline.public_assessment,
    frontline.public_assessor,
    frontline.public_claim,
    frontline.public_content,
    frontline.public_control_area,
    frontline.public_event,
    frontline.public_event_columns_part,
    frontline.public_event_columns_state,
    frontline.public_event_place,
    frontline.public_event_point,
    frontline.public_event_point_sample,
    frontline.public_event_shape,
    frontline.public_event_source,
    frontline.public_event_tally,
    frontline.public_event_tally_change,
    frontline.public_line_history_part,
    frontline.public_origin,
    frontline.public_place,
    frontline.public_place_name,
    frontline.public_source,
    frontline.public_tombstone
TO frontline_public;
