# tools/statement_end.c: a star that is not followed by a slash still ends a comment.
s/if (byte == '\/' && end->before == '\*')/if (byte == '\/' || end->before == '*')/
