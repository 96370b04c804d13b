-- No letter to an address that is not its person's; what is taken back follows the entry to the
-- address that it went to.
CREATE FUNCTION letters_gate_address() RETURNS trigger LANGUAGE plpgsql AS $gate$
BEGIN
  IF NEW.channel = 'mail' AND NOT EXISTS (
      SELECT 1 FROM people p
      WHERE p.id = NEW.recipient_id AND lower(p.email) = lower(NEW.address))
    AND NOT (NEW.kind = 'cancellation' AND EXISTS (
      SELECT 1 FROM letters l
      WHERE l.recipient_id = NEW.recipient_id AND l.uid = NEW.uid
        AND l.address = NEW.address)) THEN
    RAISE EXCEPTION 'consent gate: this address is another''s';
  END IF;
  RETURN NEW;
END $gate$;
-- ;;
CREATE TRIGGER letters_gate_address BEFORE INSERT ON letters
  FOR EACH ROW EXECUTE FUNCTION letters_gate_address();
