-- The second wall: whatever query a fault lets through, a transaction sees and writes the rows of one clinic, the one it
-- was begun for (`rung.clinic`), and without one it fails. FORCE binds the owner too. The first wall is in the code: no
-- query without a clinic.
--
-- Rows of an athlete can be deleted once there is a tombstone for them, and not before; a remembered answer also once
-- it is too old to be asked for.

CREATE FUNCTION rung_clinic() RETURNS UUID LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT current_setting('rung.clinic')::UUID $$;

DO $$
DECLARE
    name TEXT;
    erasable TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'athlete', 'care_team', 'ladder', 'plan', 'plan_revision', 'plan_state', 'plan_event', 'check_in', 'decision',
        'request', 'audit_event', 'audit_link', 'audit_chain', 'audit_head', 'consent', 'break_glass', 'tombstone'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY clinic_read ON %I FOR SELECT USING (clinic_id = rung_clinic())', name);
        EXECUTE format('CREATE POLICY clinic_insert ON %I FOR INSERT WITH CHECK (clinic_id = rung_clinic())', name);
        EXECUTE format(
            'CREATE POLICY clinic_update ON %I FOR UPDATE USING (clinic_id = rung_clinic()) '
            'WITH CHECK (clinic_id = rung_clinic())', name);
        erasable := CASE
            WHEN name = 'care_team' THEN 'TRUE'
            WHEN name = 'athlete' THEN
                'EXISTS (SELECT FROM tombstone t WHERE t.clinic_id = athlete.clinic_id AND t.athlete_id = athlete.id)'
            WHEN name IN ('plan', 'plan_state', 'check_in', 'decision', 'request', 'consent', 'break_glass') THEN format(
                'EXISTS (SELECT FROM tombstone t WHERE t.clinic_id = %1$I.clinic_id AND t.athlete_id = %1$I.athlete_id)'
                '%2$s', name,
                CASE name WHEN 'request' THEN ' OR created_at < now() - INTERVAL ''89 days''' ELSE '' END)
            WHEN name IN ('plan_revision', 'plan_event') THEN format(
                'EXISTS (SELECT FROM plan p JOIN tombstone t ON t.clinic_id = p.clinic_id AND t.athlete_id = p.athlete_id '
                'WHERE p.clinic_id = %1$I.clinic_id AND p.id = %1$I.plan_id)', name)
        END;
        IF erasable IS NOT NULL THEN
            EXECUTE format(
                'CREATE POLICY clinic_erase ON %I FOR DELETE USING (clinic_id = rung_clinic() AND (%s))', name, erasable);
        END IF;
    END LOOP;
END
$$;
