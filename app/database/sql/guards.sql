-- What the database itself holds to, whoever writes: policy before publication, who may take which step, versions, the
-- trail of revisions, and the number of what is public. Run after every migration, in its transaction, by the owner.
-- Whoever writes says who they are by settings of the transaction: `frontline.role` (a member's role, or `program`),
-- `frontline.member` (a member's id), `frontline.who` (a name) and `frontline.why`. Binds: none.

-- The clock of every question "is it public yet". Only tests set `frontline.now`.
CREATE OR REPLACE FUNCTION frontline.app_now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('frontline.now', true), '')::timestamptz, now());

-- Who may bring an event from one state to another; `app/publication/states.py` says the same, and a test compares.
CREATE OR REPLACE VIEW frontline.publication_step (from_state, to_state, role) AS
VALUES
    ('draft', 'in_review', 'analyst'), ('draft', 'in_review', 'editor'), ('draft', 'in_review', 'admin'),
    ('in_review', 'draft', 'analyst'), ('in_review', 'draft', 'editor'), ('in_review', 'draft', 'admin'),
    ('in_review', 'published', 'analyst'), ('in_review', 'published', 'editor'), ('in_review', 'published', 'admin'),
    ('published', 'withdrawn', 'editor'), ('published', 'withdrawn', 'admin'),
    ('withdrawn', 'published', 'editor'), ('withdrawn', 'published', 'admin'),
    ('draft', 'published', 'program');

-- A shape on a grid: the middle of the cell in which it lies. `grid_m` is in metres.
CREATE OR REPLACE FUNCTION frontline.coarse(shape public.geometry, grid_m double precision) RETURNS public.geometry
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT public.ST_SetSRID(public.ST_MakePoint(
        round(((floor(public.ST_X(spot) / east) + 0.5) * east)::numeric, 6)::double precision,
        round(north::numeric, 6)::double precision
    ), 4326)
    FROM (SELECT public.ST_PointOnSurface(shape) AS spot) whole,
        LATERAL (SELECT (floor(public.ST_Y(spot) / (grid_m / 111320)) + 0.5) * (grid_m / 111320) AS north) rows,
        LATERAL (SELECT grid_m / (111320 * greatest(cos(radians(north)), 0.01)) AS east) cells;
END;

-- Policy by category, before a row becomes public: embargo, coarser place, or not at all.
CREATE OR REPLACE FUNCTION frontline.apply_policy() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    policy frontline.category_policy;
    embargo_ends timestamptz;
BEGIN
    -- A place or a precision that is written anew is exact.
    IF TG_OP = 'UPDATE' AND NEW.exact_shape IS NOT NULL AND (
        public.ST_AsBinary(NEW.shape) <> public.ST_AsBinary(OLD.shape) OR NEW.precision_m IS DISTINCT FROM OLD.precision_m
    ) THEN
        NEW.exact_shape := NULL;
        NEW.exact_precision_m := NULL;
    END IF;
    IF NEW.state <> 'published' THEN
        RETURN NEW;
    END IF;
    SELECT * INTO policy FROM frontline.category_policy known WHERE known.category = NEW.category;
    NEW.barred := coalesce(NEW.actor = ANY (policy.forbidden_for), false)
        OR coalesce(NEW.affected = ANY (policy.forbidden_for), false);
    embargo_ends := NEW.happened_to + policy.embargo_hours * interval '1 hour';
    IF embargo_ends > frontline.app_now() AND (NEW.public_from IS NULL OR NEW.public_from < embargo_ends) THEN
        NEW.public_from := embargo_ends;
    END IF;
    IF policy.coarsen_m IS NOT NULL THEN
        IF NEW.exact_shape IS NULL THEN
            NEW.exact_shape := NEW.shape;
            NEW.exact_precision_m := NEW.precision_m;
        END IF;
        NEW.shape := frontline.coarse(NEW.exact_shape, policy.coarsen_m);
        NEW.precision_m := greatest(NEW.exact_precision_m, ceil(policy.coarsen_m * 0.7072)::integer);
    ELSIF NEW.exact_shape IS NOT NULL THEN
        NEW.shape := NEW.exact_shape;
        NEW.precision_m := NEW.exact_precision_m;
        NEW.exact_shape := NULL;
        NEW.exact_precision_m := NULL;
    END IF;
    RETURN NEW;
END
$$;

-- No step but those of `publication_step`; members begin with drafts.
CREATE OR REPLACE FUNCTION frontline.keep_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acting text := coalesce(nullif(current_setting('frontline.role', true), ''), 'nobody');
BEGIN
    IF TG_OP = 'INSERT' AND NEW.state <> 'draft' AND acting NOT IN ('nobody', 'program') THEN
        RAISE EXCEPTION 'a member begins with a draft' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Apart, so that the table of steps is opened for no row that takes none: imports bring many.
    IF TG_OP = 'UPDATE' AND NEW.state <> OLD.state THEN
        IF NOT EXISTS (
            SELECT FROM frontline.publication_step step
            WHERE step.from_state = OLD.state AND step.to_state = NEW.state AND step.role = acting
        ) THEN
            RAISE EXCEPTION 'the role % may not bring an event from % to %', acting, OLD.state, NEW.state
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN NEW;
END
$$;

-- When a row first is public. An embargo that has ended is over only when somebody writes the row: the releaser.
CREATE OR REPLACE FUNCTION frontline.note_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'published' AND NEW.released_at IS NULL
        AND (NEW.public_from IS NULL OR NEW.public_from <= frontline.app_now()) THEN
        IF TG_TABLE_NAME = 'event' THEN
            IF NEW.barred OR NEW.hidden_at IS NOT NULL THEN
                RETURN NEW;
            END IF;
        END IF;
        NEW.released_at := frontline.app_now();
    END IF;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION frontline.count_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION frontline.refuse_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was published is not deleted, but withdrawn' USING ERRCODE = 'insufficient_privilege';
END
$$;

-- The trail. Arguments: whose history a row belongs to (an expression over `r`), and the columns of its key.
CREATE OR REPLACE FUNCTION frontline.record_revisions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = frontline, public AS $$
DECLARE
    beginning text := format(
        'INSERT INTO frontline.revision (relation, action, subject_id, made_at, member_id, made_by, reason, old, new)'
        ' SELECT %L, %L, %s, $1, $2, $3, $4, ', TG_TABLE_NAME, lower(TG_OP), TG_ARGV[0]
    );
    rest text := CASE TG_OP
        WHEN 'INSERT' THEN 'NULL, NULL FROM made r'
        WHEN 'DELETE' THEN 'to_jsonb(r) - ''words'', NULL FROM gone r'
        ELSE format(
            'to_jsonb(o) - ''words'', to_jsonb(r) - ''words'' FROM gone o JOIN made r USING (%s) WHERE o IS DISTINCT FROM r',
            TG_ARGV[1]
        )
    END;
BEGIN
    EXECUTE beginning || rest USING
        frontline.app_now(),
        nullif(current_setting('frontline.member', true), '')::uuid,
        coalesce(nullif(current_setting('frontline.who', true), ''), session_user::text),
        nullif(current_setting('frontline.why', true), '');
    RETURN NULL;
END
$$;

-- The number of what is public goes up with each transaction that changes it, and with no other: a number that moved
-- for a draft would tell of it. The argument is a condition over a changed row `r`.
CREATE OR REPLACE FUNCTION frontline.note_content() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = frontline, public AS $$
DECLARE
    touched boolean := false;
BEGIN
    IF TG_OP <> 'DELETE' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM made r WHERE %s)', TG_ARGV[0]) INTO touched;
    END IF;
    IF NOT touched AND TG_OP <> 'INSERT' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM gone r WHERE %s)', TG_ARGV[0]) INTO touched;
    END IF;
    IF touched THEN
        INSERT INTO frontline.content_revision (transaction, made_at)
        VALUES (pg_current_xact_id()::text::bigint, frontline.app_now())
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

-- Whose word a source is: its publisher, or on a platform the account. Null: not known, so not another's.
CREATE OR REPLACE FUNCTION frontline.voice_of(source frontline.source) RETURNS text
LANGUAGE sql STABLE
RETURN lower(CASE
    WHEN coalesce(source.platform, 'web') = 'web' THEN coalesce(source.publisher, source.name)
    WHEN source.publisher IS NOT NULL AND NOT coalesce(starts_with(source.canonical_url, 'https://' || source.publisher || '/'), false)
        THEN source.publisher
    WHEN source.author IS NOT NULL THEN source.author || ' on ' || source.platform
END);

-- `confirmed` rests on two voices at least. Asked when the transaction ends, so that sources may come after the event.
CREATE OR REPLACE FUNCTION frontline.keep_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched uuid[];
    one uuid;
BEGIN
    IF TG_TABLE_NAME = 'event' THEN
        touched := ARRAY[NEW.id];
    ELSIF TG_TABLE_NAME = 'event_source' THEN
        touched := ARRAY[OLD.event_id];
    ELSE
        touched := ARRAY(SELECT served.event_id FROM frontline.event_source served WHERE served.source_id = NEW.id);
    END IF;
    -- One after the other: the plan for one is kept.
    FOREACH one IN ARRAY touched LOOP
        IF EXISTS (
            SELECT FROM frontline.event e
            WHERE e.id = one
                AND e.verification = 'confirmed'
                AND (
                    SELECT count(DISTINCT frontline.voice_of(s))
                    FROM frontline.event_source served JOIN frontline.source s ON s.id = served.source_id
                    WHERE served.event_id = e.id
                ) < 2
        ) THEN
            RAISE EXCEPTION 'event % is confirmed by fewer than two independent sources', one
                USING ERRCODE = 'check_violation', CONSTRAINT = 'confirmed_by_two';
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

-- The triggers, each made once: making one anew would wait for every writer of its table.
DO $do$
DECLARE
    one record;
    kind text;
BEGIN
    FOR one IN SELECT * FROM (VALUES
        ('event', 'guard_a_policy', 'BEFORE INSERT OR UPDATE', '', 'apply_policy()'),
        ('event', 'guard_b_steps', 'BEFORE INSERT OR UPDATE', '', 'keep_steps()'),
        ('event', 'guard_c_release', 'BEFORE INSERT OR UPDATE', '', 'note_release()'),
        ('event', 'guard_d_version', 'BEFORE UPDATE', '', 'count_version()'),
        ('event', 'guard_e_deletion', 'BEFORE DELETE', 'WHEN (OLD.released_at IS NOT NULL)', 'refuse_deletion()'),
        ('source', 'guard_d_version', 'BEFORE UPDATE', '', 'count_version()'),
        ('assessment', 'guard_c_release', 'BEFORE INSERT OR UPDATE', '', 'note_release()'),
        ('assessment', 'guard_d_version', 'BEFORE UPDATE', '', 'count_version()'),
        ('submission', 'guard_d_version', 'BEFORE UPDATE', '', 'count_version()')
    ) AS wanted (relation, name, moment, condition, action) LOOP
        IF NOT EXISTS (
            SELECT FROM pg_trigger WHERE tgname = one.name AND tgrelid = format('frontline.%I', one.relation)::regclass
        ) THEN
            EXECUTE format('CREATE TRIGGER %I %s ON frontline.%I FOR EACH ROW %s EXECUTE FUNCTION frontline.%s',
                one.name, one.moment, one.relation, one.condition, one.action);
        END IF;
    END LOOP;

    FOR one IN SELECT * FROM (VALUES
        ('event', 'confirmed_on_event', 'INSERT OR UPDATE OF verification', 'WHEN (NEW.verification = ''confirmed'')'),
        ('event_source', 'confirmed_on_event_source', 'UPDATE OR DELETE', ''),
        ('source', 'confirmed_on_source', 'UPDATE OF name, publisher, author, platform', '')
    ) AS wanted (relation, name, moment, condition) LOOP
        IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgname = one.name) THEN
            EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER %s ON frontline.%I DEFERRABLE INITIALLY DEFERRED'
                ' FOR EACH ROW %s EXECUTE FUNCTION frontline.keep_confirmed()',
                one.name, one.moment, one.relation, one.condition);
        END IF;
    END LOOP;

    FOR one IN SELECT * FROM (VALUES
        ('event', 'r.id', 'id', $$r.state = 'published' AND r.released_at IS NOT NULL AND NOT r.barred
            AND r.hidden_at IS NULL AND (r.public_from IS NULL OR r.public_from <= frontline.app_now())$$),
        ('event_source', 'r.event_id', 'event_id, source_id',
            'EXISTS (SELECT FROM frontline.public_event e WHERE e.id = r.event_id)'),
        ('event_place', 'r.event_id', 'event_id, position',
            'EXISTS (SELECT FROM frontline.public_event e WHERE e.id = r.event_id)'),
        ('claim', 'coalesce(r.event_id, r.area_id)', 'id',
            'EXISTS (SELECT FROM frontline.public_event e WHERE e.id = r.event_id)'
            ' OR EXISTS (SELECT FROM frontline.public_control_area a WHERE a.id = r.area_id)'),
        ('source', 'r.id', 'id', $$EXISTS (
            SELECT FROM frontline.event_source es JOIN frontline.public_event e ON e.id = es.event_id
            WHERE es.source_id = r.id
        ) OR EXISTS (SELECT FROM frontline.public_claim c WHERE c.source_id = r.id)$$),
        ('event_relation', 'r.event_id', 'event_id, other_id, kind', 'false'),
        ('party', 'r.id', 'id', 'EXISTS (SELECT FROM frontline.claim c WHERE c.party_id = r.id)'),
        ('assessment', 'r.id', 'id', 'r.released_at IS NOT NULL'),
        ('control_area', 'r.assessment_id', 'id',
            'EXISTS (SELECT FROM frontline.public_assessment a WHERE a.id = r.assessment_id)')
    ) AS wanted (relation, subject, key, condition) LOOP
        FOREACH kind IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
            IF NOT EXISTS (
                SELECT FROM pg_trigger
                WHERE tgname = 'revision_of_' || kind AND tgrelid = format('frontline.%I', one.relation)::regclass
            ) THEN
                EXECUTE format('CREATE TRIGGER %I AFTER %s ON frontline.%I REFERENCING %s FOR EACH STATEMENT'
                    ' EXECUTE FUNCTION frontline.record_revisions(%L, %L)',
                    'revision_of_' || kind, kind, one.relation,
                    CASE kind WHEN 'insert' THEN 'NEW TABLE AS made' WHEN 'delete' THEN 'OLD TABLE AS gone'
                        ELSE 'OLD TABLE AS gone NEW TABLE AS made' END,
                    one.subject, one.key);
                -- A source or a party that is new serves nothing public yet; to ask it of each would slow imports down.
                CONTINUE WHEN kind = 'insert' AND one.relation IN ('source', 'party');
                EXECUTE format('CREATE TRIGGER %I AFTER %s ON frontline.%I REFERENCING %s FOR EACH STATEMENT'
                    ' EXECUTE FUNCTION frontline.note_content(%L)',
                    'content_of_' || kind, kind, one.relation,
                    CASE kind WHEN 'insert' THEN 'NEW TABLE AS made' WHEN 'delete' THEN 'OLD TABLE AS gone'
                        ELSE 'OLD TABLE AS gone NEW TABLE AS made' END,
                    one.condition);
            END IF;
        END LOOP;
    END LOOP;
END
$do$;
