"""Plans that are asked for now and made a little later."""
