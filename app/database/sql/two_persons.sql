-- The two-person rule. An event that is published as `confirmed`, near the front line, or always if
-- the theatre says so, needs two members on record. A program is not a member: an import has no
-- member until one takes it up. `frontline.desk_policy` has the policy of the theatre file. Binds:
-- none.

-- Returns why a second person must publish an event of this verification at this place; empty: one
-- is enough. Near the line means near an edge of an area in its assessor's newest assessment.
CREATE FUNCTION frontline.why_two_persons(verification text, place public.geometry) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    near_line_km double precision;
    always boolean;
    why text[] := '{}';
    around public.geometry;
BEGIN
    SELECT second_person_near_line_km, second_person_always INTO near_line_km, always FROM frontline.desk_policy;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the policy of the desk is not in the database';
    END IF;
    IF verification = 'confirmed' THEN
        why := why || text 'confirmed';
    END IF;
    IF always THEN
        why := why || text 'always';
    END IF;
    IF near_line_km > 0 THEN
        around := public.ST_Buffer(place::public.geography, near_line_km * 1000)::public.geometry;
        IF EXISTS (
            SELECT FROM frontline.control_area drawn
            JOIN (
                SELECT DISTINCT ON (assessor) id FROM frontline.assessment
                WHERE state = 'published' ORDER BY assessor, valid_from DESC
            ) newest ON newest.id = drawn.assessment_id
            WHERE drawn.shape OPERATOR(public.&&) around
                AND public.ST_Intersects(public.ST_Boundary(drawn.shape), around)
        ) THEN
            why := why || text 'near_line';
        END IF;
    END IF;
    RETURN why;
END
$$;

-- A member who publishes an event, or confirms a published one, must be the second member, unless
-- one is enough.
CREATE FUNCTION frontline.require_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    me uuid := nullif(current_setting('frontline.member', true), '')::uuid;
    first_persons uuid[] := OLD.authors || OLD.submitted_by;
    others uuid[] := array_remove(array_remove(first_persons || OLD.published_by || OLD.withdrawn_by, NULL), me);
    why text[];
BEGIN
    IF me IS NULL THEN
        RETURN NEW;
    END IF;
    IF OLD.state = 'published' THEN
        IF others = '{}' OR me = ANY (first_persons) THEN
            RAISE EXCEPTION 'confirmed needs a second person' USING ERRCODE = 'insufficient_privilege';
        END IF;
    ELSIF others = '{}' THEN
        why := frontline.why_two_persons(NEW.verification, coalesce(NEW.exact_shape, NEW.shape));
        IF why <> '{}' THEN
            RAISE EXCEPTION 'a second person must publish this: %', array_to_string(why, ', ')
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
