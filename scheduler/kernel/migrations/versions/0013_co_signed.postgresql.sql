-- What two parents signed is no basis any more once the authority of the second has ended, as with the first.
CREATE FUNCTION letters_gate_co_signed() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF (TG_OP = 'INSERT' OR NEW.state = 'sending') AND NEW.basis = 'grant' AND EXISTS (
    SELECT 1 FROM grants g JOIN co_signatures c ON c.statement_id = g.statement
    JOIN authorities a ON a.id = c.authority_id
    WHERE g.id = NEW.grant_id AND a.ended_at IS NOT NULL) THEN
    RAISE EXCEPTION 'consent gate: the authority of one who signed has ended' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER letters_gate_co_signed_insert BEFORE INSERT ON letters FOR EACH ROW EXECUTE FUNCTION letters_gate_co_signed();
-- ;;
CREATE TRIGGER letters_gate_co_signed_send BEFORE UPDATE OF state, phase ON letters FOR EACH ROW EXECUTE FUNCTION letters_gate_co_signed();
-- ;;
CREATE FUNCTION authorities_stop_co_signed() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  PERFORM 1 FROM grants g JOIN co_signatures c ON c.statement_id = g.statement
  WHERE c.authority_id = NEW.id ORDER BY g.id FOR UPDATE OF g;
  UPDATE letters SET state = 'suppressed', reason = 'the authority it stood on has ended' WHERE id IN (
    SELECT l.id FROM letters l JOIN grants g ON g.id = l.grant_id JOIN co_signatures c ON c.statement_id = g.statement
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
CREATE TRIGGER co_signatures_final BEFORE UPDATE OR DELETE ON co_signatures FOR EACH ROW EXECUTE FUNCTION co_signatures_final();
-- ;;
CREATE TRIGGER co_signatures_whole BEFORE TRUNCATE ON co_signatures FOR EACH STATEMENT EXECUTE FUNCTION kept_whole();
