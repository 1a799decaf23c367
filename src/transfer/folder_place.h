/*
 * A folder that is made beside its place and takes it when it is whole.
 *
 *   begin --> file, append, append, ... --> file, ... --> finish or abort
 */
#ifndef COFFER_TRANSFER_FOLDER_PLACE_H
#define COFFER_TRANSFER_FOLDER_PLACE_H

#include "transfer/folder_files.h"

struct coffer_folder_place {
	char *path;      /* where it is to stand, without a '/' at its end */
	char *temporary; /* where it is made; NULL: nowhere yet, or it has its place */
	struct coffer_folder_list made; /* the files in it */
	struct coffer_folder_list old;  /* what is at `path`: coffer's, and goes */
	int folder;                     /* the temporary one, open; -1 */
	int file;                       /* the file at hand; -1 */
	coffer_buffer buffer;           /* what it is written from */
};

/*
 * Look at what is at `path` and make the temporary folder. Abort always, unless it is finished.
 *
 * COFFER_EXISTS    there is a folder that may not be replaced: anything but an empty one where `is_forced` is not
 *                  set, one with anything that coffer did not write where it is
 * COFFER_CONFLICT  what is there is no folder
 * COFFER_IO, COFFER_FULL, COFFER_NO_MEMORY
 */
COFFER_CHECKED coffer_status
coffer_folder_place_begin(struct coffer_folder_place *place, const char *path, bool is_forced,
			  coffer_error *error);

/* End the file before and begin another; the buffer is empty. COFFER_IO, COFFER_FULL. */
COFFER_CHECKED coffer_status
coffer_folder_place_file(struct coffer_folder_place *place, const char *name, coffer_error *error);

/* Write the buffer where it holds enough to be worth it. COFFER_IO, COFFER_FULL, COFFER_NO_MEMORY. */
COFFER_CHECKED coffer_status
coffer_folder_place_drain(struct coffer_folder_place *place, coffer_error *error);

/*
 * End the last file, sync, and put the folder where it belongs. Releases `place`, whatever it returns.
 *
 * COFFER_EXISTS  something has appeared there meanwhile
 * others         as for begin
 */
COFFER_CHECKED coffer_status
coffer_folder_place_finish(struct coffer_folder_place *place, coffer_error *error);

/* Remove what was made. */
void
coffer_folder_place_abort(struct coffer_folder_place *place);

#endif
