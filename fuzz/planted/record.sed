# format/element.c: a text that has to be packed is taken as it is.
s/kind == COFFER_TEXT && coffer_hex_is_packable(text)/kind == COFFER_BOOL \&\& coffer_hex_is_packable(text)/
