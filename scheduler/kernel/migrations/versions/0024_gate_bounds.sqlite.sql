DROP TRIGGER letters_gate_send;
-- ;;
DROP TRIGGER letters_gate_co_signed_send;
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
-- A grant holds no longer than what was signed says: to the end of its last day wherever on earth
-- that day ends last (UTC-12), or of the stay or program it names; what was signed for a minor to
-- the 18th birthday, what rests on an authority to the authority's end. What holds for a second at
-- most holds never.
CREATE TRIGGER grants_bounded BEFORE UPDATE OF valid_from, valid_until ON grants
WHEN (NEW.valid_until > OLD.valid_until OR NEW.valid_from < OLD.valid_from) AND NOT (
  NEW.valid_from >= strftime('%Y-%m-%d %H:%M:%f000', NEW.signed, '-14 hours')
  AND (NEW.valid_until <= strftime('%Y-%m-%d %H:%M:%f000', NEW.valid_from, '+1 second')
    OR NEW.valid_until <= strftime('%Y-%m-%d %H:%M:%f000', coalesce(NEW.expires, (
      SELECT CASE NEW.expires_on WHEN 'discharge' THEN e.last END
      FROM enrolments e WHERE e.patient_id = NEW.patient_id), (
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
    OR NEW.valid_until <= strftime('%Y-%m-%d %H:%M:%f000', coalesce(NEW.expires, (
      SELECT CASE NEW.expires_on WHEN 'discharge' THEN e.last END
      FROM enrolments e WHERE e.patient_id = NEW.patient_id), (
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
