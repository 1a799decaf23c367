/* The folder in which coffer keeps what it knows on this machine: $XDG_STATE_HOME/coffer, else ~/.local/state/coffer. */
#ifndef TRUST_STATE_H
#define TRUST_STATE_H

#include <stdbool.h>

/*
 * The path of `name` ("known/801-2a") in that folder, to be freed; where `is_made` the folders above it are made, for
 * nobody else to read. NULL where there is no home, or no memory.
 */
char *
coffer_state_path(const char *name, bool is_made);

#endif
