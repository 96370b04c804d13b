-- How a letter goes is frozen with the rest of it.
CREATE TRIGGER letters_channel_frozen BEFORE UPDATE ON letters WHEN NEW.channel IS NOT OLD.channel
BEGIN SELECT RAISE(ABORT, 'a letter is frozen once it is written'); END;
