-- The consent gate of SQLite as it stands today, whole: every trigger that a migration installed
-- and none replaced since. What stands in a database is compared with this text (gate.py); white
-- space does not count. A migration that changes the gate changes this file, too.
-- The checks, composite keys and references that go with it stand in the models.

-- ==== Letters: none without a basis, at insert, at claim and at hand-over ====
-- No letter to a relative without a grant that covers it and stands on a signed statement, nor
-- past a barrier.
CREATE TRIGGER letters_gate_insert BEFORE INSERT ON letters
WHEN NOT (CASE NEW.basis
  WHEN 'self' THEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.recipient_id
    AND p.kind <> 'relative')
  WHEN 'grant' THEN EXISTS (
    SELECT 1 FROM grants g
    WHERE g.id = NEW.grant_id AND g.patient_id = NEW.subject_id
      AND g.person_id = NEW.recipient_id AND g.purpose = NEW.purpose
      AND g.revoked_at IS NULL
      AND g.valid_from <= strftime('%Y-%m-%d %H:%M:%f000', 'now')
        AND g.valid_until > strftime('%Y-%m-%d %H:%M:%f000', 'now')
      AND EXISTS (
        SELECT 1 FROM statements s
        WHERE s.id = g.statement AND s.patient_id = g.patient_id AND s.person_id = g.person_id
          AND s.capacity = g.signed_by
          AND (s.authority_id IS NULL OR EXISTS (
            SELECT 1 FROM authorities a
            WHERE a.id = s.authority_id AND a.patient_id = s.patient_id AND a.ended_at IS NULL)))
      AND NOT EXISTS (
        SELECT 1 FROM barriers b
        WHERE b.patient_id = NEW.subject_id
          AND (b.person_id IS NULL OR b.person_id = NEW.recipient_id)
          AND b.lifted_at IS NULL)
      AND CASE WHEN NEW.kind = 'code' THEN 1 ELSE g.valid_until >= NEW.covers_until END)
  WHEN 'retraction' THEN NEW.kind = 'cancellation' AND EXISTS (
    SELECT 1 FROM grants g
    WHERE g.id = NEW.grant_id AND g.patient_id = NEW.subject_id
      AND g.person_id = NEW.recipient_id AND g.purpose = NEW.purpose
      AND NOT g.silent
      AND NOT EXISTS (
        SELECT 1 FROM barriers b
        WHERE b.patient_id = NEW.subject_id
          AND (b.person_id IS NULL OR b.person_id = NEW.recipient_id)
          AND b.lifted_at IS NULL))
    AND EXISTS (
    SELECT 1 FROM letters l
    WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid AND l.id <> NEW.id
      AND l.kind <> 'cancellation'
      AND (l.state = 'sent' OR l.phase = 'handing' OR l.ambiguous > 0))
  ELSE 0 END IS TRUE)
BEGIN SELECT RAISE(ABORT, 'consent gate: no grant covers this letter'); END;
-- ;;
-- What two parents signed is no basis any more once the authority of the second has ended, as
-- with the first.
CREATE TRIGGER letters_gate_co_signed_insert BEFORE INSERT ON letters
WHEN NEW.basis = 'grant' AND EXISTS (
  SELECT 1 FROM grants g JOIN co_signatures c ON c.statement_id = g.statement
    JOIN authorities a ON a.id = c.authority_id
  WHERE g.id = NEW.grant_id AND a.ended_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'consent gate: the authority of one who signed has ended'); END;
-- ;;
-- Judged when a letter is claimed, when it is handed over, and when it is to wait again.
CREATE TRIGGER letters_gate_send BEFORE UPDATE OF state, phase ON letters
WHEN (NEW.state = 'sending'
    OR NEW.state IN ('waiting', 'retry') AND OLD.state NOT IN ('sending', 'waiting', 'retry'))
  AND NOT (CASE NEW.basis
  WHEN 'self' THEN EXISTS (SELECT 1 FROM people p WHERE p.id = NEW.recipient_id
    AND p.kind <> 'relative')
  WHEN 'grant' THEN EXISTS (
    SELECT 1 FROM grants g
    WHERE g.id = NEW.grant_id AND g.patient_id = NEW.subject_id
      AND g.person_id = NEW.recipient_id AND g.purpose = NEW.purpose
      AND g.revoked_at IS NULL
      AND g.valid_from <= strftime('%Y-%m-%d %H:%M:%f000', 'now')
        AND g.valid_until > strftime('%Y-%m-%d %H:%M:%f000', 'now')
      AND EXISTS (
        SELECT 1 FROM statements s
        WHERE s.id = g.statement AND s.patient_id = g.patient_id AND s.person_id = g.person_id
          AND s.capacity = g.signed_by
          AND (s.authority_id IS NULL OR EXISTS (
            SELECT 1 FROM authorities a
            WHERE a.id = s.authority_id AND a.patient_id = s.patient_id AND a.ended_at IS NULL)))
      AND NOT EXISTS (
        SELECT 1 FROM barriers b
        WHERE b.patient_id = NEW.subject_id
          AND (b.person_id IS NULL OR b.person_id = NEW.recipient_id)
          AND b.lifted_at IS NULL)
      AND CASE WHEN NEW.kind = 'code' THEN 1 ELSE g.valid_until >= NEW.covers_until END)
  WHEN 'retraction' THEN NEW.kind = 'cancellation' AND EXISTS (
    SELECT 1 FROM grants g
    WHERE g.id = NEW.grant_id AND g.patient_id = NEW.subject_id
      AND g.person_id = NEW.recipient_id AND g.purpose = NEW.purpose
      AND NOT g.silent
      AND NOT EXISTS (
        SELECT 1 FROM barriers b
        WHERE b.patient_id = NEW.subject_id
          AND (b.person_id IS NULL OR b.person_id = NEW.recipient_id)
          AND b.lifted_at IS NULL))
    AND EXISTS (
    SELECT 1 FROM letters l
    WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid AND l.id <> NEW.id
      AND l.kind <> 'cancellation'
      AND (l.state = 'sent' OR l.phase = 'handing' OR l.ambiguous > 0))
  ELSE 0 END IS TRUE)
BEGIN SELECT RAISE(ABORT, 'consent gate: no grant covers this letter'); END;
-- ;;
CREATE TRIGGER letters_gate_co_signed_send BEFORE UPDATE OF state, phase ON letters
WHEN (NEW.state = 'sending'
    OR NEW.state IN ('waiting', 'retry') AND OLD.state NOT IN ('sending', 'waiting', 'retry'))
  AND NEW.basis = 'grant' AND EXISTS (
  SELECT 1 FROM grants g JOIN co_signatures c ON c.statement_id = g.statement
    JOIN authorities a ON a.id = c.authority_id
  WHERE g.id = NEW.grant_id AND a.ended_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'consent gate: the authority of one who signed has ended'); END;
-- ;;
-- No letter to an address that is not its person's; what is taken back follows the entry to the
-- address that it went to.
-- A code may go to an address that its person wants and that waits for it.
CREATE TRIGGER letters_gate_address BEFORE INSERT ON letters
WHEN NEW.channel = 'mail' AND NOT EXISTS (
  SELECT 1 FROM people p
  WHERE p.id = NEW.recipient_id AND lower(p.email) = lower(NEW.address))
AND NOT (NEW.kind = 'cancellation' AND EXISTS (
  SELECT 1 FROM letters l
  WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid AND l.address = NEW.address))
AND NOT (NEW.kind = 'code' AND EXISTS (
  SELECT 1 FROM address_changes c
  WHERE c.person_id = NEW.recipient_id AND c.ended_at IS NULL AND c.address = NEW.address))
BEGIN SELECT RAISE(ABORT, 'consent gate: this address is another''s'); END;
-- ;;
-- ==== Letters: what is written stays as it was written ====
CREATE TRIGGER letters_frozen BEFORE UPDATE ON letters
WHEN NEW.dedupe_key IS NOT OLD.dedupe_key
  OR NEW.kind IS NOT OLD.kind
  OR NEW.recipient_id IS NOT OLD.recipient_id
  OR NEW.address IS NOT OLD.address
  OR NEW.basis IS NOT OLD.basis
  OR NEW.grant_id IS NOT OLD.grant_id
  OR NEW.subject_id IS NOT OLD.subject_id
  OR NEW.purpose IS NOT OLD.purpose
  OR NEW.covers_until IS NOT OLD.covers_until
  OR NEW.uid IS NOT OLD.uid
  OR NEW.sequence IS NOT OLD.sequence
  OR NEW.mime IS NOT OLD.mime
  OR NEW.message_id IS NOT OLD.message_id
BEGIN SELECT RAISE(ABORT, 'a letter is frozen once it is written'); END;
-- ;;
CREATE TRIGGER letters_once BEFORE INSERT ON letters
  WHEN EXISTS (SELECT 1 FROM letters l WHERE l.id = NEW.id OR l.dedupe_key = NEW.dedupe_key)
BEGIN SELECT RAISE(ABORT, 'a letter is written once'); END;
-- ;;
-- How a letter goes is frozen with the rest of it.
CREATE TRIGGER letters_channel_frozen BEFORE UPDATE ON letters WHEN NEW.channel IS NOT OLD.channel
BEGIN SELECT RAISE(ABORT, 'a letter is frozen once it is written'); END;
-- ;;
-- ==== Grants: on a signed statement, written once, final when withdrawn ====
CREATE TRIGGER grants_kept BEFORE DELETE ON grants
BEGIN SELECT RAISE(ABORT, 'grants are never deleted'); END;
-- ;;
CREATE TRIGGER grants_final BEFORE UPDATE ON grants
WHEN OLD.revoked_at IS NOT NULL
  OR NEW.id IS NOT OLD.id
  OR NEW.statement IS NOT OLD.statement
  OR NEW.person_id IS NOT OLD.person_id
  OR NEW.patient_id IS NOT OLD.patient_id
  OR NEW.purpose IS NOT OLD.purpose
  OR NEW.others IS NOT OLD.others
  OR NEW.signed IS NOT OLD.signed
  OR NEW.expires IS NOT OLD.expires
  OR NEW.expires_on IS NOT OLD.expires_on
  OR NEW.signed_by IS NOT OLD.signed_by
  OR NEW.given_at IS NOT OLD.given_at
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
-- INSERT OR REPLACE deletes without asking a DELETE trigger: it would bring a withdrawn grant
-- back to life.
CREATE TRIGGER grants_once BEFORE INSERT ON grants
  WHEN EXISTS (SELECT 1 FROM grants g WHERE g.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a grant is written once'); END;
-- ;;
-- A grant stands on a complete statement about the same two people, and is about a relative of
-- this very patient.
CREATE TRIGGER grants_complete BEFORE INSERT ON grants
WHEN NOT (EXISTS (
    SELECT 1 FROM statements s
    WHERE s.id = NEW.statement AND s.patient_id = NEW.patient_id AND s.person_id = NEW.person_id
      AND s.capacity = NEW.signed_by AND s.signed = NEW.signed)
  AND EXISTS (SELECT 1 FROM relatives r WHERE r.person_id = NEW.person_id
    AND r.patient_id = NEW.patient_id)
  AND NEW.purpose IN ('family_therapy', 'multi_family_group', 'progress_update',
    'discharge_planning',
    'family_workshop', 'caregiver_group', 'case_consult')) IS TRUE
BEGIN SELECT RAISE(ABORT, 'a grant needs a complete statement that was signed'); END;
-- ;;
-- A grant holds no longer than what was signed says: to the end of its last day wherever on earth
-- that day ends last (UTC-12), or of the stay or program it names; what was signed for a minor to
-- the 18th birthday, what rests on an authority to the authority's end. What holds for a second at
-- most holds never.
CREATE TRIGGER grants_bounded BEFORE UPDATE OF valid_from, valid_until ON grants
WHEN (NEW.valid_until > OLD.valid_until OR NEW.valid_from < OLD.valid_from) AND NOT (
  NEW.valid_from >= strftime('%Y-%m-%d %H:%M:%f000', NEW.signed, '-14 hours')
  AND (NEW.valid_until <= strftime('%Y-%m-%d %H:%M:%f000', NEW.valid_from, '+1 second')
    OR NEW.valid_until <= strftime('%Y-%m-%d %H:%M:%f000',
      coalesce(NEW.expires,
      ( SELECT CASE NEW.expires_on WHEN 'discharge' THEN e.last END FROM enrolments e
      WHERE e.patient_id = NEW.patient_id), (
      SELECT date(c.starts, 'weekday 0', (7 * (json_extract(p.template, '$.weeks') - 1)) || ' days')
      FROM enrolments e JOIN cohorts c ON c.id = e.cohort_id JOIN programs p ON p.id = c.program_id
      WHERE e.patient_id = NEW.patient_id)), '+36 hours')
    AND NOT EXISTS (
      SELECT 1 FROM patients t
      WHERE t.person_id = NEW.patient_id AND NEW.signed_by IN ('guardian', 'both')
        AND NEW.signed < date(t.born, '+18 years')
        AND NEW.valid_until > strftime('%Y-%m-%d %H:%M:%f000', t.born, '+18 years', '+12 hours'))
    AND NOT EXISTS (
      SELECT 1 FROM authorities a
      WHERE (a.id IN (SELECT s.authority_id FROM statements s WHERE s.id = NEW.statement)
          OR a.id IN (
            SELECT o.authority_id FROM co_signatures o WHERE o.statement_id = NEW.statement))
        AND (NEW.valid_until > strftime('%Y-%m-%d %H:%M:%f000', a.last, '+36 hours')
          OR NEW.valid_until > a.ended_at)))) IS TRUE
BEGIN SELECT RAISE(ABORT, 'a grant holds no longer than was signed'); END;
-- ;;
CREATE TRIGGER grants_bounded_insert BEFORE INSERT ON grants
WHEN NOT (
  NEW.valid_from >= strftime('%Y-%m-%d %H:%M:%f000', NEW.signed, '-14 hours')
  AND (NEW.valid_until <= strftime('%Y-%m-%d %H:%M:%f000', NEW.valid_from, '+1 second')
    OR NEW.valid_until <= strftime('%Y-%m-%d %H:%M:%f000',
      coalesce(NEW.expires,
      ( SELECT CASE NEW.expires_on WHEN 'discharge' THEN e.last END FROM enrolments e
      WHERE e.patient_id = NEW.patient_id), (
      SELECT date(c.starts, 'weekday 0', (7 * (json_extract(p.template, '$.weeks') - 1)) || ' days')
      FROM enrolments e JOIN cohorts c ON c.id = e.cohort_id JOIN programs p ON p.id = c.program_id
      WHERE e.patient_id = NEW.patient_id)), '+36 hours')
    AND NOT EXISTS (
      SELECT 1 FROM patients t
      WHERE t.person_id = NEW.patient_id AND NEW.signed_by IN ('guardian', 'both')
        AND NEW.signed < date(t.born, '+18 years')
        AND NEW.valid_until > strftime('%Y-%m-%d %H:%M:%f000', t.born, '+18 years', '+12 hours'))
    AND NOT EXISTS (
      SELECT 1 FROM authorities a
      WHERE (a.id IN (SELECT s.authority_id FROM statements s WHERE s.id = NEW.statement)
          OR a.id IN (
            SELECT o.authority_id FROM co_signatures o WHERE o.statement_id = NEW.statement))
        AND (NEW.valid_until > strftime('%Y-%m-%d %H:%M:%f000', a.last, '+36 hours')
          OR NEW.valid_until > a.ended_at)))) IS TRUE
BEGIN SELECT RAISE(ABORT, 'a grant holds no longer than was signed'); END;
-- ;;
-- ==== Statements, authorities, second signatures and barriers: written once, never deleted ====
CREATE TRIGGER statements_final BEFORE UPDATE ON statements
WHEN OLD.copy_given_at IS NOT NULL AND NEW.copy_given_at IS NOT OLD.copy_given_at
  OR OLD.suspended_at IS NOT NULL AND NEW.suspended_at IS NOT OLD.suspended_at
  OR NEW.id IS NOT OLD.id
  OR NEW.patient_id IS NOT OLD.patient_id
  OR NEW.patient_name IS NOT OLD.patient_name
  OR NEW.discloser IS NOT OLD.discloser
  OR NEW.information IS NOT OLD.information
  OR NEW.person_id IS NOT OLD.person_id
  OR NEW.person_name IS NOT OLD.person_name
  OR NEW.wording IS NOT OLD.wording
  OR NEW.language IS NOT OLD.language
  OR NEW.signer_name IS NOT OLD.signer_name
  OR NEW.capacity IS NOT OLD.capacity
  OR NEW.authority_id IS NOT OLD.authority_id
  OR NEW.method IS NOT OLD.method
  OR NEW.proof IS NOT OLD.proof
  OR NEW.signed IS NOT OLD.signed
  OR NEW.recorded_at IS NOT OLD.recorded_at
  OR NEW.recorded_by IS NOT OLD.recorded_by
BEGIN SELECT RAISE(ABORT, 'what was signed is never changed'); END;
-- ;;
CREATE TRIGGER statements_kept BEFORE DELETE ON statements
BEGIN SELECT RAISE(ABORT, 'what was signed is never deleted'); END;
-- ;;
CREATE TRIGGER statements_once BEFORE INSERT ON statements
  WHEN EXISTS (SELECT 1 FROM statements s WHERE s.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'what was signed is written once'); END;
-- ;;
CREATE TRIGGER authorities_final BEFORE UPDATE ON authorities
WHEN OLD.ended_at IS NOT NULL
  OR NEW.id IS NOT OLD.id
  OR NEW.patient_id IS NOT OLD.patient_id
  OR NEW.name IS NOT OLD.name
  OR NEW.capacity IS NOT OLD.capacity
  OR NEW.first IS NOT OLD.first
  OR NEW.evidence IS NOT OLD.evidence
  OR NEW.recorded_at IS NOT OLD.recorded_at
  OR NEW.recorded_by IS NOT OLD.recorded_by
BEGIN SELECT RAISE(ABORT, 'authorities: only their end is ever written, and it is final'); END;
-- ;;
CREATE TRIGGER authorities_kept BEFORE DELETE ON authorities
BEGIN SELECT RAISE(ABORT, 'authorities are never deleted'); END;
-- ;;
CREATE TRIGGER authorities_once BEFORE INSERT ON authorities
  WHEN EXISTS (SELECT 1 FROM authorities t WHERE t.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'authorities are written once'); END;
-- ;;
CREATE TRIGGER barriers_final BEFORE UPDATE ON barriers
WHEN OLD.lifted_at IS NOT NULL
  OR NEW.id IS NOT OLD.id
  OR NEW.patient_id IS NOT OLD.patient_id
  OR NEW.person_id IS NOT OLD.person_id
  OR NEW.kind IS NOT OLD.kind
  OR NEW.reason IS NOT OLD.reason
  OR NEW.set_at IS NOT OLD.set_at
  OR NEW.set_by IS NOT OLD.set_by
BEGIN SELECT RAISE(ABORT, 'barriers: only their end is ever written, and it is final'); END;
-- ;;
CREATE TRIGGER barriers_kept BEFORE DELETE ON barriers
BEGIN SELECT RAISE(ABORT, 'barriers are never deleted'); END;
-- ;;
CREATE TRIGGER barriers_once BEFORE INSERT ON barriers
  WHEN EXISTS (SELECT 1 FROM barriers t WHERE t.id = NEW.id)
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
    SELECT g.id FROM grants g
      JOIN statements s ON s.id = g.statement WHERE s.authority_id = NEW.id);
END;
-- ;;
CREATE TRIGGER authorities_stop_co_signed AFTER UPDATE OF ended_at ON authorities
WHEN NEW.ended_at IS NOT NULL
BEGIN
  UPDATE letters SET state = 'suppressed', reason = 'the authority it stood on has ended'
  WHERE basis = 'grant' AND state IN ('waiting', 'retry') AND grant_id IN (
    SELECT g.id FROM grants g
      JOIN co_signatures c ON c.statement_id = g.statement WHERE c.authority_id = NEW.id);
END;
-- ;;
CREATE TRIGGER co_signatures_final BEFORE UPDATE ON co_signatures
BEGIN SELECT RAISE(ABORT, 'what was signed is never changed'); END;
-- ;;
CREATE TRIGGER co_signatures_kept BEFORE DELETE ON co_signatures
BEGIN SELECT RAISE(ABORT, 'what was signed is never deleted'); END;
-- ;;
CREATE TRIGGER co_signatures_once BEFORE INSERT ON co_signatures
  WHEN EXISTS (SELECT 1 FROM co_signatures c WHERE c.statement_id = NEW.statement_id)
BEGIN SELECT RAISE(ABORT, 'what was signed is written once'); END;
-- ;;
-- ==== The record and the accounting: only ever added to ====
CREATE TRIGGER audit_entries_kept BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;
-- ;;
CREATE TRIGGER audit_entries_final BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;
-- ;;
CREATE TRIGGER audit_entries_once BEFORE INSERT ON audit_entries
  WHEN EXISTS (SELECT 1 FROM audit_entries e WHERE e.number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the audit record is append-only'); END;
-- ;;
CREATE TRIGGER openings_kept BEFORE DELETE ON openings
BEGIN SELECT RAISE(ABORT, 'an accounting is append-only'); END;
-- ;;
CREATE TRIGGER openings_final BEFORE UPDATE ON openings
BEGIN SELECT RAISE(ABORT, 'an accounting is append-only'); END;
-- ;;
CREATE TRIGGER openings_once BEFORE INSERT ON openings
  WHEN EXISTS (SELECT 1 FROM openings o WHERE o.id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an accounting is append-only'); END;
