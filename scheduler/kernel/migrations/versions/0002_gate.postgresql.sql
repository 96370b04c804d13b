-- No letter to a relative without a grant that covers it: refused at insert, at claim and at hand-over.
-- FOR SHARE makes a claim wait for a withdrawal under way, and a withdrawal for a claim.
CREATE FUNCTION letters_gate() RETURNS trigger LANGUAGE plpgsql AS $gate$
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
    IF NOT FOUND THEN
      allowed := false;
    ELSIF NEW.basis = 'grant' THEN
      allowed := g.revoked_at IS NULL AND g.valid_from <= clock_timestamp() AND g.valid_until > clock_timestamp()
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
CREATE TRIGGER letters_gate_insert BEFORE INSERT ON letters FOR EACH ROW EXECUTE FUNCTION letters_gate();
-- ;;
CREATE TRIGGER letters_gate_send BEFORE UPDATE OF state, phase ON letters FOR EACH ROW EXECUTE FUNCTION letters_gate();
-- ;;
CREATE FUNCTION letters_frozen() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF (NEW.dedupe_key, NEW.kind, NEW.recipient_id, NEW.address, NEW.basis, NEW.grant_id, NEW.subject_id, NEW.purpose,
      NEW.covers_until, NEW.uid, NEW.sequence, NEW.mime, NEW.message_id)
    IS DISTINCT FROM
     (OLD.dedupe_key, OLD.kind, OLD.recipient_id, OLD.address, OLD.basis, OLD.grant_id, OLD.subject_id, OLD.purpose,
      OLD.covers_until, OLD.uid, OLD.sequence, OLD.mime, OLD.message_id) THEN
    RAISE EXCEPTION 'a letter is frozen once it is written' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER letters_frozen BEFORE UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION letters_frozen();
-- ;;
CREATE FUNCTION grants_final() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'grants are never deleted' USING ERRCODE = '23514';
  END IF;
  IF OLD.revoked_at IS NOT NULL OR
     (NEW.id, NEW.statement, NEW.person_id, NEW.patient_id, NEW.purpose, NEW.others, NEW.signed, NEW.expires,
      NEW.expires_on, NEW.signed_by, NEW.given_at, NEW.given_by)
    IS DISTINCT FROM
     (OLD.id, OLD.statement, OLD.person_id, OLD.patient_id, OLD.purpose, OLD.others, OLD.signed, OLD.expires,
      OLD.expires_on, OLD.signed_by, OLD.given_at, OLD.given_by) THEN
    RAISE EXCEPTION 'a grant is append-only and its withdrawal is final' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER grants_final BEFORE UPDATE OR DELETE ON grants FOR EACH ROW EXECUTE FUNCTION grants_final();
-- ;;
CREATE FUNCTION grants_revoked() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  UPDATE letters SET state = 'suppressed', reason = 'the consent was withdrawn' WHERE id IN (
    SELECT id FROM letters WHERE grant_id = NEW.id AND basis = 'grant' AND state IN ('waiting', 'retry')
    FOR UPDATE SKIP LOCKED);
  RETURN NULL;
END $gate$;
-- ;;
CREATE TRIGGER grants_revoked AFTER UPDATE OF revoked_at ON grants FOR EACH ROW
WHEN (NEW.revoked_at IS NOT NULL) EXECUTE FUNCTION grants_revoked();
-- ;;
CREATE FUNCTION audit_entries_final() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  RAISE EXCEPTION 'the audit record is append-only' USING ERRCODE = '23514';
END $gate$;
-- ;;
CREATE TRIGGER audit_entries_final BEFORE UPDATE OR DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION audit_entries_final();
