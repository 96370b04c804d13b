-- The consent gate of PostgreSQL as it stands today, whole: every trigger and function that a
-- migration installed and none replaced since. What stands in a database is compared with this text
-- (gate.py); white space does not count. A migration that changes the gate changes this file, too.
-- The checks, composite keys and references that go with it stand in the models.

-- ==== Letters: none without a basis, at insert, at claim and at hand-over ====
-- Judged when a letter is written, when it is claimed, when it is handed over, and when it is to
-- wait again. FOR SHARE makes a claim wait for a withdrawal under way, and a withdrawal for a
-- claim.
CREATE FUNCTION letters_gate() RETURNS trigger LANGUAGE plpgsql AS $gate$
DECLARE
  g grants%ROWTYPE;
  allowed boolean := false;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.state <> 'sending' AND NOT (
        NEW.state IN ('waiting', 'retry') AND OLD.state NOT IN ('sending', 'waiting', 'retry')) THEN
      RETURN NEW;
    END IF;
  END IF;
  IF NEW.basis = 'self' THEN
    allowed := EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.recipient_id
      AND p.kind <> 'relative');
  ELSIF NEW.basis IN ('grant', 'retraction') THEN
    SELECT * INTO g FROM grants
    WHERE id = NEW.grant_id AND patient_id = NEW.subject_id AND person_id = NEW.recipient_id
      AND purpose = NEW.purpose
    FOR SHARE;
    IF NOT FOUND OR EXISTS (
        SELECT 1 FROM barriers b
        WHERE b.patient_id = NEW.subject_id
          AND (b.person_id IS NULL OR b.person_id = NEW.recipient_id)
          AND b.lifted_at IS NULL) THEN
      allowed := false;
    ELSIF NEW.basis = 'grant' THEN
      allowed := g.revoked_at IS NULL AND g.valid_from <= clock_timestamp()
        AND g.valid_until > clock_timestamp()
        AND EXISTS (
          SELECT 1 FROM statements s
          WHERE s.id = g.statement AND s.patient_id = g.patient_id AND s.person_id = g.person_id
            AND s.capacity = g.signed_by
            AND (s.authority_id IS NULL OR EXISTS (
              SELECT 1 FROM authorities a
              WHERE a.id = s.authority_id AND a.patient_id = s.patient_id AND a.ended_at IS NULL)))
        AND (NEW.kind = 'code' OR g.valid_until >= NEW.covers_until);
    ELSE
      allowed := NEW.kind = 'cancellation' AND NOT g.silent AND EXISTS (
        SELECT 1 FROM letters l
        WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid AND l.id <> NEW.id
          AND l.kind <> 'cancellation'
          AND (l.state = 'sent' OR l.phase = 'handing' OR l.ambiguous > 0));
    END IF;
  END IF;
  IF allowed IS NOT TRUE THEN
    RAISE EXCEPTION 'consent gate: no grant covers this letter' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER letters_gate_insert BEFORE INSERT ON letters
  FOR EACH ROW EXECUTE FUNCTION letters_gate();
-- ;;
CREATE TRIGGER letters_gate_send BEFORE UPDATE OF state, phase ON letters
  FOR EACH ROW EXECUTE FUNCTION letters_gate();
-- ;;
CREATE FUNCTION letters_gate_co_signed() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.state <> 'sending' AND NOT (
        NEW.state IN ('waiting', 'retry') AND OLD.state NOT IN ('sending', 'waiting', 'retry')) THEN
      RETURN NEW;
    END IF;
  END IF;
  IF NEW.basis = 'grant' AND EXISTS (
    SELECT 1 FROM grants g JOIN co_signatures c ON c.statement_id = g.statement
    JOIN authorities a ON a.id = c.authority_id
    WHERE g.id = NEW.grant_id AND a.ended_at IS NOT NULL) THEN
    RAISE EXCEPTION 'consent gate: the authority of one who signed has ended'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER letters_gate_co_signed_insert BEFORE INSERT ON letters
  FOR EACH ROW EXECUTE FUNCTION letters_gate_co_signed();
-- ;;
CREATE TRIGGER letters_gate_co_signed_send BEFORE UPDATE OF state, phase ON letters
  FOR EACH ROW EXECUTE FUNCTION letters_gate_co_signed();
-- ;;
-- No letter to an address that is not its person's; what is taken back follows the entry to the
-- address that it went to.
-- A code may go to an address that its person wants and that waits for it.
CREATE FUNCTION letters_gate_address() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF NEW.channel = 'mail' AND NOT EXISTS (
      SELECT 1 FROM people p
      WHERE p.id = NEW.recipient_id AND lower(p.email) = lower(NEW.address))
    AND NOT (NEW.kind = 'cancellation' AND EXISTS (
      SELECT 1 FROM letters l
      WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid
        AND l.address = NEW.address))
    AND NOT (NEW.kind = 'code' AND EXISTS (
      SELECT 1 FROM address_changes c
      WHERE c.person_id = NEW.recipient_id AND c.ended_at IS NULL
        AND c.address = NEW.address)) THEN
    RAISE EXCEPTION 'consent gate: this address is another''s';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER letters_gate_address BEFORE INSERT ON letters
  FOR EACH ROW EXECUTE FUNCTION letters_gate_address();
-- ;;
-- ==== Letters: what is written stays as it was written ====
CREATE FUNCTION letters_frozen() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF (NEW.dedupe_key, NEW.kind, NEW.recipient_id, NEW.address, NEW.basis, NEW.grant_id,
      NEW.subject_id, NEW.purpose, NEW.covers_until, NEW.uid, NEW.sequence, NEW.mime,
      NEW.message_id)
    IS DISTINCT FROM
     (OLD.dedupe_key, OLD.kind, OLD.recipient_id, OLD.address, OLD.basis, OLD.grant_id,
      OLD.subject_id, OLD.purpose, OLD.covers_until, OLD.uid, OLD.sequence, OLD.mime,
      OLD.message_id) THEN
    RAISE EXCEPTION 'a letter is frozen once it is written' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER letters_frozen BEFORE UPDATE ON letters
  FOR EACH ROW EXECUTE FUNCTION letters_frozen();
-- ;;
-- How a letter goes is frozen with the rest of it.
CREATE FUNCTION letters_channel_frozen() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF NEW.channel IS DISTINCT FROM OLD.channel THEN
    RAISE EXCEPTION 'a letter is frozen once it is written' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER letters_channel_frozen BEFORE UPDATE ON letters
  FOR EACH ROW EXECUTE FUNCTION letters_channel_frozen();
-- ;;
CREATE TRIGGER letters_whole BEFORE TRUNCATE ON letters
  FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
-- ;;
-- ==== Grants: on a signed statement, written once, final when withdrawn ====
CREATE FUNCTION grants_final() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'grants are never deleted' USING ERRCODE = '23514';
  END IF;
  IF OLD.revoked_at IS NOT NULL OR
     (NEW.id, NEW.statement, NEW.person_id, NEW.patient_id, NEW.purpose, NEW.others, NEW.signed,
      NEW.expires, NEW.expires_on, NEW.signed_by, NEW.given_at, NEW.given_by)
    IS DISTINCT FROM
     (OLD.id, OLD.statement, OLD.person_id, OLD.patient_id, OLD.purpose, OLD.others, OLD.signed,
      OLD.expires, OLD.expires_on, OLD.signed_by, OLD.given_at, OLD.given_by) THEN
    RAISE EXCEPTION 'a grant is append-only and its withdrawal is final' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER grants_final BEFORE UPDATE OR DELETE ON grants
  FOR EACH ROW EXECUTE FUNCTION grants_final();
-- ;;
CREATE FUNCTION grants_revoked() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  UPDATE letters SET state = 'suppressed', reason = 'the consent was withdrawn' WHERE id IN (
    SELECT id FROM letters WHERE grant_id = NEW.id AND basis = 'grant'
      AND state IN ('waiting', 'retry')
    FOR UPDATE SKIP LOCKED);
  RETURN NULL;
END $gate$;
-- ;;
CREATE TRIGGER grants_revoked AFTER UPDATE OF revoked_at ON grants FOR EACH ROW
WHEN (NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION grants_revoked();
-- ;;
-- A grant stands on a complete statement about the same two people, and is about a relative of
-- this very patient.
CREATE FUNCTION grants_complete() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF (EXISTS (
      SELECT 1 FROM statements s
      WHERE s.id = NEW.statement AND s.patient_id = NEW.patient_id AND s.person_id = NEW.person_id
        AND s.capacity = NEW.signed_by AND s.signed = NEW.signed)
    AND EXISTS (SELECT 1 FROM relatives r WHERE r.person_id = NEW.person_id
      AND r.patient_id = NEW.patient_id)
    AND NEW.purpose IN ('family_therapy', 'multi_family_group', 'progress_update',
      'discharge_planning',
      'family_workshop', 'caregiver_group', 'case_consult')) IS NOT TRUE THEN
    RAISE EXCEPTION 'a grant needs a complete statement that was signed' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER grants_complete BEFORE INSERT ON grants
  FOR EACH ROW EXECUTE FUNCTION grants_complete();
-- ;;
-- A grant holds no longer than what was signed says: to the end of its last day wherever on earth
-- that day ends last (UTC-12), or of the stay or program it names; what was signed for a minor to
-- the 18th birthday, what rests on an authority to the authority's end. What holds for a second at
-- most holds never.
CREATE FUNCTION grants_bounded() RETURNS trigger LANGUAGE plpgsql AS $gate$
DECLARE
  bounded boolean := true;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    bounded := NEW.valid_until > OLD.valid_until OR NEW.valid_from < OLD.valid_from;
  END IF;
  IF bounded AND (
      NEW.valid_from >= (NEW.signed::timestamp AT TIME ZONE 'UTC') - interval '14 hours'
      AND (NEW.valid_until <= NEW.valid_from + interval '1 second'
        OR NEW.valid_until <= (coalesce(NEW.expires,
          ( SELECT CASE NEW.expires_on WHEN 'discharge' THEN e.last END FROM enrolments e
      WHERE e.patient_id = NEW.patient_id), (
          SELECT c.starts + 7 - extract(isodow FROM c.starts)::int
            + 7 * ((p.template->>'weeks')::int - 1)
          FROM enrolments e JOIN cohorts c ON c.id = e.cohort_id
            JOIN programs p ON p.id = c.program_id
          WHERE e.patient_id = NEW.patient_id))::timestamp AT TIME ZONE 'UTC') + interval '36 hours'
        AND NOT EXISTS (
          SELECT 1 FROM patients t
          WHERE t.person_id = NEW.patient_id AND NEW.signed_by IN ('guardian', 'both')
            AND NEW.signed < t.born + interval '18 years'
            AND NEW.valid_until > ((t.born + interval '18 years') AT TIME ZONE 'UTC')
              + interval '12 hours')
        AND NOT EXISTS (
          SELECT 1 FROM authorities a
          WHERE (a.id IN (SELECT s.authority_id FROM statements s WHERE s.id = NEW.statement)
              OR a.id IN (
                SELECT o.authority_id FROM co_signatures o WHERE o.statement_id = NEW.statement))
            AND (NEW.valid_until > (a.last::timestamp AT TIME ZONE 'UTC') + interval '36 hours'
              OR NEW.valid_until > a.ended_at)))) IS NOT TRUE THEN
    RAISE EXCEPTION 'a grant holds no longer than was signed' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER grants_bounded BEFORE INSERT OR UPDATE OF valid_from, valid_until ON grants
  FOR EACH ROW EXECUTE FUNCTION grants_bounded();
-- ;;
CREATE TRIGGER grants_whole BEFORE TRUNCATE ON grants
  FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
-- ;;
-- ==== Statements, authorities, second signatures and barriers: written once, never deleted ====
CREATE FUNCTION statements_final() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what was signed is never deleted' USING ERRCODE = '23514';
  END IF;
  IF OLD.copy_given_at IS NOT NULL AND NEW.copy_given_at IS DISTINCT FROM OLD.copy_given_at OR
     OLD.suspended_at IS NOT NULL AND NEW.suspended_at IS DISTINCT FROM OLD.suspended_at OR
     (NEW.id, NEW.patient_id, NEW.patient_name, NEW.discloser, NEW.information, NEW.person_id,
      NEW.person_name, NEW.wording, NEW.language, NEW.signer_name, NEW.capacity, NEW.authority_id,
      NEW.method, NEW.proof, NEW.signed, NEW.recorded_at, NEW.recorded_by)
    IS DISTINCT FROM
     (OLD.id, OLD.patient_id, OLD.patient_name, OLD.discloser, OLD.information, OLD.person_id,
      OLD.person_name, OLD.wording, OLD.language, OLD.signer_name, OLD.capacity, OLD.authority_id,
      OLD.method, OLD.proof, OLD.signed, OLD.recorded_at, OLD.recorded_by) THEN
    RAISE EXCEPTION 'what was signed is never changed' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER statements_final BEFORE UPDATE OR DELETE ON statements
  FOR EACH ROW EXECUTE FUNCTION statements_final();
-- ;;
CREATE FUNCTION authorities_final() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'authorities are never deleted' USING ERRCODE = '23514';
  END IF;
  IF OLD.ended_at IS NOT NULL OR
     (NEW.id, NEW.patient_id, NEW.name, NEW.capacity, NEW.first, NEW.evidence, NEW.recorded_at,
      NEW.recorded_by)
    IS DISTINCT FROM
     (OLD.id, OLD.patient_id, OLD.name, OLD.capacity, OLD.first, OLD.evidence, OLD.recorded_at,
      OLD.recorded_by) THEN
    RAISE EXCEPTION 'authorities: only their end is ever written, and it is final'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER authorities_final BEFORE UPDATE OR DELETE ON authorities
  FOR EACH ROW EXECUTE FUNCTION authorities_final();
-- ;;
CREATE FUNCTION barriers_final() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'barriers are never deleted' USING ERRCODE = '23514';
  END IF;
  IF OLD.lifted_at IS NOT NULL OR
     (NEW.id, NEW.patient_id, NEW.person_id, NEW.kind, NEW.reason, NEW.set_at, NEW.set_by)
    IS DISTINCT FROM
     (OLD.id, OLD.patient_id, OLD.person_id, OLD.kind, OLD.reason, OLD.set_at, OLD.set_by) THEN
    RAISE EXCEPTION 'barriers: only their end is ever written, and it is final'
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER barriers_final BEFORE UPDATE OR DELETE ON barriers
  FOR EACH ROW EXECUTE FUNCTION barriers_final();
-- ;;
-- A barrier waits for what is being claimed and makes what comes wait, then stops what waits.
CREATE FUNCTION barriers_stop() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  PERFORM 1 FROM grants
  WHERE patient_id = NEW.patient_id
    AND (NEW.person_id IS NULL OR person_id = NEW.person_id) ORDER BY id FOR UPDATE;
  UPDATE letters SET state = 'suppressed',
    reason = 'this person is not to be contacted' WHERE id IN (
    SELECT id FROM letters
    WHERE subject_id = NEW.patient_id AND (NEW.person_id IS NULL OR recipient_id = NEW.person_id)
      AND basis <> 'self' AND state IN ('waiting', 'retry')
    FOR UPDATE SKIP LOCKED);
  RETURN NULL;
END $gate$;
-- ;;
CREATE TRIGGER barriers_stop AFTER INSERT ON barriers FOR EACH ROW EXECUTE FUNCTION barriers_stop();
-- ;;
CREATE FUNCTION authorities_stop() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  PERFORM 1 FROM grants g
    JOIN statements s ON s.id = g.statement WHERE s.authority_id = NEW.id ORDER BY g.id
    FOR UPDATE OF g;
  UPDATE letters SET state = 'suppressed',
    reason = 'the authority it stood on has ended' WHERE id IN (
    SELECT l.id FROM letters l JOIN grants g ON g.id = l.grant_id
      JOIN statements s ON s.id = g.statement
    WHERE s.authority_id = NEW.id AND l.basis = 'grant' AND l.state IN ('waiting', 'retry')
    FOR UPDATE OF l SKIP LOCKED);
  RETURN NULL;
END $gate$;
-- ;;
CREATE TRIGGER authorities_stop AFTER UPDATE OF ended_at ON authorities FOR EACH ROW
WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION authorities_stop();
-- ;;
CREATE FUNCTION authorities_stop_co_signed() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  PERFORM 1 FROM grants g JOIN co_signatures c ON c.statement_id = g.statement
  WHERE c.authority_id = NEW.id ORDER BY g.id FOR UPDATE OF g;
  UPDATE letters SET state = 'suppressed',
    reason = 'the authority it stood on has ended' WHERE id IN (
    SELECT l.id FROM letters l JOIN grants g ON g.id = l.grant_id
      JOIN co_signatures c ON c.statement_id = g.statement
    WHERE c.authority_id = NEW.id AND l.basis = 'grant' AND l.state IN ('waiting', 'retry')
    FOR UPDATE OF l SKIP LOCKED);
  RETURN NULL;
END $gate$;
-- ;;
CREATE TRIGGER authorities_stop_co_signed AFTER UPDATE OF ended_at ON authorities FOR EACH ROW
WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION authorities_stop_co_signed();
-- ;;
CREATE FUNCTION co_signatures_final() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what was signed is never deleted' USING ERRCODE = '23514';
  END IF;
  RAISE EXCEPTION 'what was signed is never changed' USING ERRCODE = '23514';
END $gate$;
-- ;;
CREATE TRIGGER co_signatures_final BEFORE UPDATE OR DELETE ON co_signatures
  FOR EACH ROW EXECUTE FUNCTION co_signatures_final();
-- ;;
CREATE TRIGGER statements_whole BEFORE TRUNCATE ON statements
  FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
-- ;;
CREATE TRIGGER authorities_whole BEFORE TRUNCATE ON authorities
  FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
-- ;;
CREATE TRIGGER barriers_whole BEFORE TRUNCATE ON barriers
  FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
-- ;;
CREATE TRIGGER co_signatures_whole BEFORE TRUNCATE ON co_signatures
  FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
-- ;;
-- ==== The record and the accounting: only ever added to ====
CREATE FUNCTION audit_entries_final() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  RAISE EXCEPTION 'the audit record is append-only' USING ERRCODE = '23514';
END $gate$;
-- ;;
CREATE TRIGGER audit_entries_final BEFORE UPDATE OR DELETE ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION audit_entries_final();
-- ;;
-- TRUNCATE fires no row trigger: it would empty what is append-only.
CREATE FUNCTION kept_whole() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23514';
END $gate$;
-- ;;
CREATE TRIGGER audit_entries_whole BEFORE TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
-- ;;
CREATE TRIGGER openings_final BEFORE UPDATE OR DELETE ON openings
  FOR EACH ROW EXECUTE FUNCTION kept_whole();
-- ;;
CREATE TRIGGER openings_whole BEFORE TRUNCATE ON openings
  FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
