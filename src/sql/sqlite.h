/*
 * SQLite's interface. With SQLITE_CORE it is the library that is linked; without it what a host hands to a loadable
 * extension, so that the code runs on the host's own SQLite.
 */
#ifndef SQL_SQLITE_H
#define SQL_SQLITE_H

#include <sqlite3ext.h>

#ifndef SQLITE_CORE
extern const sqlite3_api_routines *sqlite3_api;
#endif

#endif
