#include "faulty_disk.h"

#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static const char *watched_mark;
static enum faulty_disk_fault armed;
static long calls, first_failure;
static int lasting;

static sqlite3_vfs disk;
static sqlite3_vfs *below;

/* Methods of the disk below, and the same with ours in place of some. The disk below has a few
 * sets: one for databases, one for their logs. */
struct method_set {
    const sqlite3_io_methods *real;
    sqlite3_io_methods ours;
};
static struct method_set sets[8];
#define SETS (int)(sizeof sets / sizeof sets[0])

/* The methods of the disk below for a file of ours. */
static const sqlite3_io_methods *real(sqlite3_file *file) {
    for (int i = 0; i < SETS; i++) {
        if (file->pMethods == &sets[i].ours) return sets[i].real;
    }
    return file->pMethods;
}

/* Counts a call that `fault` concerns, and says whether it is to fail. */
static int fails(enum faulty_disk_fault fault) {
    int result = 0;
    pthread_mutex_lock(&guard);
    if (armed == fault) {
        calls += 1;
        result = calls == first_failure || (lasting && calls > first_failure);
    }
    pthread_mutex_unlock(&guard);
    return result;
}

static int faulty_read(sqlite3_file *file, void *to, int size, sqlite3_int64 at) {
    if (fails(FAULTY_DISK_BROKEN)) return SQLITE_IOERR_READ;
    return real(file)->xRead(file, to, size, at);
}

static int faulty_write(sqlite3_file *file, const void *from, int size, sqlite3_int64 at) {
    if (fails(FAULTY_DISK_FULL)) return SQLITE_FULL;
    if (fails(FAULTY_DISK_BROKEN)) {
        /* A write that breaks off leaves its first half behind. */
        (void)real(file)->xWrite(file, from, size / 2, at);
        return SQLITE_IOERR_WRITE;
    }
    return real(file)->xWrite(file, from, size, at);
}

static int faulty_sync(sqlite3_file *file, int flags) {
    if (fails(FAULTY_DISK_BROKEN)) return SQLITE_IOERR_FSYNC;
    return real(file)->xSync(file, flags);
}

static int faulty_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **to) {
    if (extend && fails(FAULTY_DISK_FULL)) return SQLITE_FULL;
    return real(file)->xShmMap(file, page, size, extend, to);
}

static int faulty_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    /* Only the lock of writers: for those of readers SQLite waits ten seconds by itself. */
    int is_writers = offset == 0 && (flags & SQLITE_SHM_LOCK) && (flags & SQLITE_SHM_EXCLUSIVE);
    if (is_writers && fails(FAULTY_DISK_BUSY)) return SQLITE_BUSY;
    return real(file)->xShmLock(file, offset, count, flags);
}

/* Takes up a set of methods that was not seen before. */
static void watch(struct method_set *set, const sqlite3_io_methods *methods) {
    set->real = methods;
    set->ours = *methods;
    set->ours.xRead = faulty_read;
    set->ours.xWrite = faulty_write;
    set->ours.xSync = faulty_sync;
    if (methods->iVersion < 2) return;
    set->ours.xShmMap = faulty_shm_map;
    set->ours.xShmLock = faulty_shm_lock;
}

static int faulty_open(
    sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out
) {
    int result = below->xOpen(below, name, file, flags, out);
    (void)vfs;
    if (result != SQLITE_OK || name == NULL || strstr(name, watched_mark) == NULL) return result;
    pthread_mutex_lock(&guard);
    for (int i = 0; i < SETS; i++) {
        if (sets[i].real == NULL) watch(&sets[i], file->pMethods);
        if (sets[i].real != file->pMethods) continue;
        file->pMethods = &sets[i].ours;
        break;
    }
    pthread_mutex_unlock(&guard);
    return result;
}

int faulty_disk_install(const char *mark) {
    pthread_mutex_lock(&guard);
    int is_new = below == NULL;
    if (is_new) {
        watched_mark = strdup(mark);
        below = sqlite3_vfs_find(NULL);
        disk = *below;
        disk.zName = "faulty-disk";
        disk.pNext = NULL;
        disk.xOpen = faulty_open;
    }
    pthread_mutex_unlock(&guard);
    return is_new ? sqlite3_vfs_register(&disk, 1) : SQLITE_OK;
}

void faulty_disk_arm(enum faulty_disk_fault fault, long first, int is_lasting) {
    pthread_mutex_lock(&guard);
    armed = fault;
    calls = 0;
    first_failure = first;
    lasting = is_lasting;
    pthread_mutex_unlock(&guard);
}

long faulty_disk_heal(void) {
    pthread_mutex_lock(&guard);
    long count = calls;
    armed = FAULTY_DISK_NONE;
    calls = 0;
    pthread_mutex_unlock(&guard);
    return count;
}

static int count_finding(void *count, int columns, char **values, char **names) {
    (void)names;
    if (columns != 1 || values[0] == NULL || strcmp(values[0], "ok") != 0) *(int *)count += 1;
    return 0;
}

int faulty_disk_check(const char *path) {
    sqlite3 *database = NULL;
    int findings = 0;
    int result = sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL);
    if (result == SQLITE_OK) {
        result = sqlite3_exec(database, "PRAGMA integrity_check", count_finding, &findings, NULL);
    }
    sqlite3_close(database);
    return result == SQLITE_OK ? findings : -1;
}
