DROP TRIGGER letters_gate_insert;
-- ;;
DROP TRIGGER letters_gate_send;
-- ;;
-- No letter to a relative without a grant that covers it and stands on a signed statement, nor past a barrier.
CREATE TRIGGER letters_gate_insert BEFORE INSERT ON letters
WHEN NOT (CASE NEW.basis
  WHEN 'self' THEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.recipient_id AND p.kind <> 'relative')
  WHEN 'grant' THEN EXISTS (
    SELECT 1 FROM grants g
    WHERE g.id = NEW.grant_id AND g.patient_id = NEW.subject_id AND g.person_id = NEW.recipient_id AND g.purpose = NEW.purpose
      AND g.revoked_at IS NULL
      AND g.valid_from <= strftime('%Y-%m-%d %H:%M:%f000', 'now') AND g.valid_until > strftime('%Y-%m-%d %H:%M:%f000', 'now')
      AND EXISTS (
        SELECT 1 FROM statements s
        WHERE s.id = g.statement AND s.patient_id = g.patient_id AND s.person_id = g.person_id AND s.capacity = g.signed_by
          AND (s.authority_id IS NULL OR EXISTS (
            SELECT 1 FROM authorities a
            WHERE a.id = s.authority_id AND a.patient_id = s.patient_id AND a.ended_at IS NULL)))
      AND NOT EXISTS (
        SELECT 1 FROM barriers b
        WHERE b.patient_id = NEW.subject_id AND (b.person_id IS NULL OR b.person_id = NEW.recipient_id)
          AND b.lifted_at IS NULL)
      AND CASE WHEN NEW.kind = 'code' THEN 1 ELSE g.valid_until >= NEW.covers_until END)
  WHEN 'retraction' THEN NEW.kind = 'cancellation' AND EXISTS (
    SELECT 1 FROM grants g
    WHERE g.id = NEW.grant_id AND g.patient_id = NEW.subject_id AND g.person_id = NEW.recipient_id AND g.purpose = NEW.purpose
      AND NOT g.silent
      AND NOT EXISTS (
        SELECT 1 FROM barriers b
        WHERE b.patient_id = NEW.subject_id AND (b.person_id IS NULL OR b.person_id = NEW.recipient_id)
          AND b.lifted_at IS NULL))
    AND EXISTS (
    SELECT 1 FROM letters l
    WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid AND l.id <> NEW.id AND l.kind <> 'cancellation'
      AND (l.state = 'sent' OR l.phase = 'handing' OR l.ambiguous > 0))
  ELSE 0 END IS TRUE)
BEGIN SELECT RAISE(ABORT, 'consent gate: no grant covers this letter'); END;
-- ;;
CREATE TRIGGER letters_gate_send BEFORE UPDATE OF state, phase ON letters
WHEN NEW.state = 'sending' AND NOT (CASE NEW.basis
  WHEN 'self' THEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.recipient_id AND p.kind <> 'relative')
  WHEN 'grant' THEN EXISTS (
    SELECT 1 FROM grants g
    WHERE g.id = NEW.grant_id AND g.patient_id = NEW.subject_id AND g.person_id = NEW.recipient_id AND g.purpose = NEW.purpose
      AND g.revoked_at IS NULL
      AND g.valid_from <= strftime('%Y-%m-%d %H:%M:%f000', 'now') AND g.valid_until > strftime('%Y-%m-%d %H:%M:%f000', 'now')
      AND EXISTS (
        SELECT 1 FROM statements s
        WHERE s.id = g.statement AND s.patient_id = g.patient_id AND s.person_id = g.person_id AND s.capacity = g.signed_by
          AND (s.authority_id IS NULL OR EXISTS (
            SELECT 1 FROM authorities a
            WHERE a.id = s.authority_id AND a.patient_id = s.patient_id AND a.ended_at IS NULL)))
      AND NOT EXISTS (
        SELECT 1 FROM barriers b
        WHERE b.patient_id = NEW.subject_id AND (b.person_id IS NULL OR b.person_id = NEW.recipient_id)
          AND b.lifted_at IS NULL)
      AND CASE WHEN NEW.kind = 'code' THEN 1 ELSE g.valid_until >= NEW.covers_until END)
  WHEN 'retraction' THEN NEW.kind = 'cancellation' AND EXISTS (
    SELECT 1 FROM grants g
    WHERE g.id = NEW.grant_id AND g.patient_id = NEW.subject_id AND g.person_id = NEW.recipient_id AND g.purpose = NEW.purpose
      AND NOT g.silent
      AND NOT EXISTS (
        SELECT 1 FROM barriers b
        WHERE b.patient_id = NEW.subject_id AND (b.person_id IS NULL OR b.person_id = NEW.recipient_id)
          AND b.lifted_at IS NULL))
    AND EXISTS (
    SELECT 1 FROM letters l
    WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid AND l.id <> NEW.id AND l.kind <> 'cancellation'
      AND (l.state = 'sent' OR l.phase = 'handing' OR l.ambiguous > 0))
  ELSE 0 END IS TRUE)
BEGIN SELECT RAISE(ABORT, 'consent gate: no grant covers this letter'); END;
-- ;;
-- A grant stands on a complete statement about the same two people, and is about a relative of this very patient.
CREATE TRIGGER grants_complete BEFORE INSERT ON grants
WHEN NOT (EXISTS (
    SELECT 1 FROM statements s
    WHERE s.id = NEW.statement AND s.patient_id = NEW.patient_id AND s.person_id = NEW.person_id
      AND s.capacity = NEW.signed_by AND s.signed = NEW.signed)
  AND EXISTS (SELECT 1 FROM relatives r WHERE r.person_id = NEW.person_id AND r.patient_id = NEW.patient_id)
  AND NEW.purpose IN ('family_therapy', 'multi_family_group', 'progress_update', 'discharge_planning',
    'family_workshop', 'caregiver_group')) IS TRUE
BEGIN SELECT RAISE(ABORT, 'a grant needs a complete statement that was signed'); END;
-- ;;
CREATE TRIGGER statements_final BEFORE UPDATE ON statements
WHEN OLD.copy_given_at IS NOT NULL AND NEW.copy_given_at IS NOT OLD.copy_given_at
  OR OLD.suspended_at IS NOT NULL AND NEW.suspended_at IS NOT OLD.suspended_at
  OR NEW.id IS NOT OLD.id OR NEW.patient_id IS NOT OLD.patient_id OR NEW.patient_name IS NOT OLD.patient_name OR
  NEW.discloser IS NOT OLD.discloser OR NEW.information IS NOT OLD.information OR NEW.person_id IS NOT
  OLD.person_id OR NEW.person_name IS NOT OLD.person_name OR NEW.wording IS NOT OLD.wording OR NEW.language IS
  NOT OLD.language OR NEW.signer_name IS NOT OLD.signer_name OR NEW.capacity IS NOT OLD.capacity OR
  NEW.authority_id IS NOT OLD.authority_id OR NEW.method IS NOT OLD.method OR NEW.proof IS NOT OLD.proof OR
  NEW.signed IS NOT OLD.signed OR NEW.recorded_at IS NOT OLD.recorded_at OR NEW.recorded_by IS NOT
  OLD.recorded_by
BEGIN SELECT RAISE(ABORT, 'what was signed is never changed'); END;
-- ;;
CREATE TRIGGER statements_kept BEFORE DELETE ON statements
BEGIN SELECT RAISE(ABORT, 'what was signed is never deleted'); END;
-- ;;
CREATE TRIGGER statements_once BEFORE INSERT ON statements WHEN EXISTS (SELECT 1 FROM statements s WHERE s.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was signed is written once'); END;
-- ;;
CREATE TRIGGER authorities_final BEFORE UPDATE ON authorities
WHEN OLD.ended_at IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.patient_id IS NOT OLD.patient_id OR NEW.name IS NOT OLD.name OR NEW.capacity IS
  NOT OLD.capacity OR NEW.first IS NOT OLD.first OR NEW.evidence IS NOT OLD.evidence OR NEW.recorded_at IS NOT
  OLD.recorded_at OR NEW.recorded_by IS NOT OLD.recorded_by
BEGIN SELECT RAISE(ABORT, 'authorities: only their end is ever written, and it is final'); END;
-- ;;
CREATE TRIGGER authorities_kept BEFORE DELETE ON authorities
BEGIN SELECT RAISE(ABORT, 'authorities are never deleted'); END;
-- ;;
CREATE TRIGGER authorities_once BEFORE INSERT ON authorities WHEN EXISTS (SELECT 1 FROM authorities t WHERE t.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'authorities are written once'); END;
-- ;;
CREATE TRIGGER barriers_final BEFORE UPDATE ON barriers
WHEN OLD.lifted_at IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.patient_id IS NOT OLD.patient_id OR NEW.person_id IS NOT OLD.person_id OR NEW.kind
  IS NOT OLD.kind OR NEW.reason IS NOT OLD.reason OR NEW.set_at IS NOT OLD.set_at OR NEW.set_by IS NOT
  OLD.set_by
BEGIN SELECT RAISE(ABORT, 'barriers: only their end is ever written, and it is final'); END;
-- ;;
CREATE TRIGGER barriers_kept BEFORE DELETE ON barriers
BEGIN SELECT RAISE(ABORT, 'barriers are never deleted'); END;
-- ;;
CREATE TRIGGER barriers_once BEFORE INSERT ON barriers WHEN EXISTS (SELECT 1 FROM barriers t WHERE t.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'barriers are written once'); END;
-- ;;
CREATE TRIGGER barriers_stop AFTER INSERT ON barriers
BEGIN
  UPDATE letters SET state = 'suppressed', reason = 'this person is not to be contacted'
  WHERE subject_id = NEW.patient_id AND (NEW.person_id IS NULL OR recipient_id = NEW.person_id)
    AND basis <> 'self' AND state IN ('waiting', 'retry');
END;
-- ;;
CREATE TRIGGER authorities_stop AFTER UPDATE OF ended_at ON authorities
WHEN NEW.ended_at IS NOT NULL
BEGIN
  UPDATE letters SET state = 'suppressed', reason = 'the authority it stood on has ended'
  WHERE basis = 'grant' AND state IN ('waiting', 'retry') AND grant_id IN (
    SELECT g.id FROM grants g JOIN statements s ON s.id = g.statement WHERE s.authority_id = NEW.id);
END;
