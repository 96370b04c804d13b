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
