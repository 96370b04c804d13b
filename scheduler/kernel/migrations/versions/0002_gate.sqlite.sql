-- No letter to a relative without a grant that covers it: refused at insert, at claim and at hand-over.
CREATE TRIGGER letters_gate_insert BEFORE INSERT ON letters
WHEN NOT (CASE NEW.basis
  WHEN 'self' THEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.recipient_id AND p.kind <> 'relative')
  WHEN 'grant' THEN EXISTS (
    SELECT 1 FROM grants g
    WHERE g.id = NEW.grant_id AND g.patient_id = NEW.subject_id AND g.person_id = NEW.recipient_id AND g.purpose = NEW.purpose
      AND g.revoked_at IS NULL
      AND g.valid_from <= strftime('%Y-%m-%d %H:%M:%f000', 'now') AND g.valid_until > strftime('%Y-%m-%d %H:%M:%f000', 'now')
      AND CASE WHEN NEW.kind = 'code' THEN 1 ELSE g.valid_until >= NEW.covers_until END)
  WHEN 'retraction' THEN NEW.kind = 'cancellation' AND EXISTS (
    SELECT 1 FROM grants g
    WHERE g.id = NEW.grant_id AND g.patient_id = NEW.subject_id AND g.person_id = NEW.recipient_id AND g.purpose = NEW.purpose
      AND NOT g.silent)
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
      AND CASE WHEN NEW.kind = 'code' THEN 1 ELSE g.valid_until >= NEW.covers_until END)
  WHEN 'retraction' THEN NEW.kind = 'cancellation' AND EXISTS (
    SELECT 1 FROM grants g
    WHERE g.id = NEW.grant_id AND g.patient_id = NEW.subject_id AND g.person_id = NEW.recipient_id AND g.purpose = NEW.purpose
      AND NOT g.silent)
    AND EXISTS (
    SELECT 1 FROM letters l
    WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid AND l.id <> NEW.id AND l.kind <> 'cancellation'
      AND (l.state = 'sent' OR l.phase = 'handing' OR l.ambiguous > 0))
  ELSE 0 END IS TRUE)
BEGIN SELECT RAISE(ABORT, 'consent gate: no grant covers this letter'); END;
-- ;;
CREATE TRIGGER letters_frozen BEFORE UPDATE ON letters
WHEN NEW.dedupe_key IS NOT OLD.dedupe_key OR NEW.kind IS NOT OLD.kind OR NEW.recipient_id IS NOT OLD.recipient_id
  OR NEW.address IS NOT OLD.address OR NEW.basis IS NOT OLD.basis OR NEW.grant_id IS NOT OLD.grant_id
  OR NEW.subject_id IS NOT OLD.subject_id OR NEW.purpose IS NOT OLD.purpose OR NEW.covers_until IS NOT OLD.covers_until
  OR NEW.uid IS NOT OLD.uid OR NEW.sequence IS NOT OLD.sequence OR NEW.mime IS NOT OLD.mime
  OR NEW.message_id IS NOT OLD.message_id
BEGIN SELECT RAISE(ABORT, 'a letter is frozen once it is written'); END;
-- ;;
CREATE TRIGGER grants_kept BEFORE DELETE ON grants
BEGIN SELECT RAISE(ABORT, 'grants are never deleted'); END;
-- ;;
CREATE TRIGGER grants_final BEFORE UPDATE ON grants
WHEN OLD.revoked_at IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.statement IS NOT OLD.statement
  OR NEW.person_id IS NOT OLD.person_id OR NEW.patient_id IS NOT OLD.patient_id OR NEW.purpose IS NOT OLD.purpose
  OR NEW.others IS NOT OLD.others OR NEW.signed IS NOT OLD.signed OR NEW.expires IS NOT OLD.expires
  OR NEW.expires_on IS NOT OLD.expires_on OR NEW.signed_by IS NOT OLD.signed_by OR NEW.given_at IS NOT OLD.given_at
  OR NEW.given_by IS NOT OLD.given_by
BEGIN SELECT RAISE(ABORT, 'a grant is append-only and its withdrawal is final'); END;
-- ;;
CREATE TRIGGER grants_revoked AFTER UPDATE OF revoked_at ON grants
WHEN NEW.revoked_at IS NOT NULL
BEGIN
  UPDATE letters SET state = 'suppressed', reason = 'the consent was withdrawn'
  WHERE grant_id = NEW.id AND basis = 'grant' AND state IN ('waiting', 'retry');
END;
-- ;;
CREATE TRIGGER audit_entries_kept BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;
-- ;;
CREATE TRIGGER audit_entries_final BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;
