/*
 * SQLite's interface: of the library that is linked, or with COFFER_SQL_EXTENSION what a host hands to a loadable extension, so
 * that the code runs on the host's own SQLite.
 */
#ifndef SQL_SQLITE_H
#define SQL_SQLITE_H

#ifdef COFFER_SQL_EXTENSION
#include <sqlite3ext.h>
extern const sqlite3_api_routines *sqlite3_api;
#else
#include <sqlite3.h>
#endif

#endif
