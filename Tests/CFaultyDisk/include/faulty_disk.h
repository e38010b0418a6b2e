/* A disk that fails when a test says so, below SQLite.
 *
 * Files whose path contains the mark are watched; all others pass untouched. One fault is armed at
 * a time, for the whole process. */
#ifndef FAULTY_DISK_H
#define FAULTY_DISK_H

/* How a call fails. */
enum faulty_disk_fault {
    FAULTY_DISK_NONE = 0,
    FAULTY_DISK_FULL = 1,   /* writing finds no room */
    FAULTY_DISK_BROKEN = 2, /* reading, writing and flushing find a bad block */
    FAULTY_DISK_BUSY = 3    /* locks belong to somebody else */
};

/* Puts the disk below SQLite's default one, for files whose path contains `mark`. */
int faulty_disk_install(const char *mark);
/* Has the call number `first` (from 1) of those that such a fault concerns fail, and every later
 * one too if `is_lasting`. */
void faulty_disk_arm(enum faulty_disk_fault fault, long first, int is_lasting);
/* Heals the disk; returns how many calls the fault concerned since it was armed. */
long faulty_disk_heal(void);
/* SQLite's own check of a database file: 0 if all is well, else its number of findings or -1. */
int faulty_disk_check(const char *path);

#endif
