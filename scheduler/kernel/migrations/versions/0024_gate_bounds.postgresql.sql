-- Judged when a letter is written, when it is claimed, when it is handed over, and when it is to
-- wait again. FOR SHARE makes a claim wait for a withdrawal under way, and a withdrawal for a claim.
CREATE OR REPLACE FUNCTION letters_gate() RETURNS trigger LANGUAGE plpgsql AS $gate$
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
CREATE OR REPLACE FUNCTION letters_gate_co_signed() RETURNS trigger LANGUAGE plpgsql AS $gate$
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
        OR NEW.valid_until <= (coalesce(NEW.expires, (
          SELECT CASE NEW.expires_on WHEN 'discharge' THEN e.last END
          FROM enrolments e WHERE e.patient_id = NEW.patient_id), (
          SELECT c.starts + 7 - extract(isodow FROM c.starts)::int
            + 7 * ((p.template->>'weeks')::int - 1)
          FROM enrolments e JOIN cohorts c ON c.id = e.cohort_id JOIN programs p ON p.id = c.program_id
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
