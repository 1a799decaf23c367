# format/element.c: a text that has to be packed is taken as it is.
s/kind == COFFER_TEXT && is_packable(text)/kind == COFFER_BOOL \&\& is_packable(text)/
