-- No letter to a relative without a grant that covers it and stands on a signed statement, nor past a barrier.
-- FOR SHARE makes a claim wait for a withdrawal under way, and a withdrawal for a claim.
CREATE OR REPLACE FUNCTION letters_gate() RETURNS trigger LANGUAGE plpgsql AS $gate$
DECLARE
  g grants%ROWTYPE;
  allowed boolean := false;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.state <> 'sending' THEN
    RETURN NEW;
  END IF;
  IF NEW.basis = 'self' THEN
    allowed := EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.recipient_id AND p.kind <> 'relative');
  ELSIF NEW.basis IN ('grant', 'retraction') THEN
    SELECT * INTO g FROM grants
    WHERE id = NEW.grant_id AND patient_id = NEW.subject_id AND person_id = NEW.recipient_id AND purpose = NEW.purpose
    FOR SHARE;
    IF NOT FOUND OR EXISTS (
        SELECT 1 FROM barriers b
        WHERE b.patient_id = NEW.subject_id AND (b.person_id IS NULL OR b.person_id = NEW.recipient_id)
          AND b.lifted_at IS NULL) THEN
      allowed := false;
    ELSIF NEW.basis = 'grant' THEN
      allowed := g.revoked_at IS NULL AND g.valid_from <= clock_timestamp() AND g.valid_until > clock_timestamp()
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
        WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid AND l.id <> NEW.id AND l.kind <> 'cancellation'
          AND (l.state = 'sent' OR l.phase = 'handing' OR l.ambiguous > 0));
    END IF;
  END IF;
  IF allowed IS NOT TRUE THEN
    RAISE EXCEPTION 'consent gate: no grant covers this letter' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
-- A grant stands on a complete statement about the same two people, and is about a relative of this very patient.
CREATE FUNCTION grants_complete() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF (EXISTS (
      SELECT 1 FROM statements s
      WHERE s.id = NEW.statement AND s.patient_id = NEW.patient_id AND s.person_id = NEW.person_id
        AND s.capacity = NEW.signed_by AND s.signed = NEW.signed)
    AND EXISTS (SELECT 1 FROM relatives r WHERE r.person_id = NEW.person_id AND r.patient_id = NEW.patient_id)
    AND NEW.purpose IN ('family_therapy', 'multi_family_group', 'progress_update', 'discharge_planning',
      'family_workshop', 'caregiver_group')) IS NOT TRUE THEN
    RAISE EXCEPTION 'a grant needs a complete statement that was signed' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER grants_complete BEFORE INSERT ON grants FOR EACH ROW EXECUTE FUNCTION grants_complete();
-- ;;
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
CREATE TRIGGER statements_final BEFORE UPDATE OR DELETE ON statements FOR EACH ROW EXECUTE FUNCTION statements_final();
-- ;;
CREATE TRIGGER statements_whole BEFORE TRUNCATE ON statements FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
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
    RAISE EXCEPTION 'authorities: only their end is ever written, and it is final' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER authorities_final BEFORE UPDATE OR DELETE ON authorities FOR EACH ROW EXECUTE FUNCTION authorities_final();
-- ;;
CREATE TRIGGER authorities_whole BEFORE TRUNCATE ON authorities FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
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
    RAISE EXCEPTION 'barriers: only their end is ever written, and it is final' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER barriers_final BEFORE UPDATE OR DELETE ON barriers FOR EACH ROW EXECUTE FUNCTION barriers_final();
-- ;;
CREATE TRIGGER barriers_whole BEFORE TRUNCATE ON barriers FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
-- ;;
-- A barrier waits for what is being claimed and makes what comes wait, then stops what waits.
CREATE FUNCTION barriers_stop() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  PERFORM 1 FROM grants
  WHERE patient_id = NEW.patient_id AND (NEW.person_id IS NULL OR person_id = NEW.person_id) ORDER BY id FOR UPDATE;
  UPDATE letters SET state = 'suppressed', reason = 'this person is not to be contacted' WHERE id IN (
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
  PERFORM 1 FROM grants g JOIN statements s ON s.id = g.statement WHERE s.authority_id = NEW.id ORDER BY g.id FOR UPDATE OF g;
  UPDATE letters SET state = 'suppressed', reason = 'the authority it stood on has ended' WHERE id IN (
    SELECT l.id FROM letters l JOIN grants g ON g.id = l.grant_id JOIN statements s ON s.id = g.statement
    WHERE s.authority_id = NEW.id AND l.basis = 'grant' AND l.state IN ('waiting', 'retry')
    FOR UPDATE OF l SKIP LOCKED);
  RETURN NULL;
END $gate$;
-- ;;
CREATE TRIGGER authorities_stop AFTER UPDATE OF ended_at ON authorities FOR EACH ROW
WHEN (NEW.ended_at IS NOT NULL) EXECUTE FUNCTION authorities_stop();
