/* SPDX-License-Identifier: Apache-2.0
 *
 * A disk that fails, between a real process and its files (LD_PRELOAD). It keeps what was written since the last sync of each watched
 * file, so that a power cut can take it away again: of every 512 bytes, either the old or the new ones are there afterwards.
 *
 *   disk_watch(folder)          files under this folder whose name ends in .db or .db-wal are watched
 *   disk_cut_after(n, seed)     the power fails at the n-th write, sync or truncation from now on
 *   disk_cut()                  the power fails now
 *   disk_room(bytes)            files may grow by so many bytes more; then ENOSPC. -1: as much as they like
 *   disk_fail_sync(n)           the n-th sync from now on fails with EIO, and every one after it
 *   disk_count()                writes, syncs and truncations since the last disk_watch
 *
 * Not modelled: a directory entry that was not synced, and memory that is mapped (the WAL's index, which SQLite makes anew).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { SECTOR = 512, MAX_FILES = 16 };

struct change { off64_t at, size_before; size_t size, had; unsigned char *before, *after; struct change *older; };
struct file { dev_t dev; ino_t ino; char path[1024]; struct change *last; };

static struct file files[MAX_FILES];
static char watched[1024];
static long count, cut_at = -1, room = -1, sync_fails_at = -1, syncs;
static unsigned long long state = 1;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_ftruncate)(int, off64_t);
static int (*real_fsync)(int);

__attribute__((constructor)) static void begin(void) {
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
}

static unsigned next_random(void) {
    state ^= state << 13; state ^= state >> 7; state ^= state << 17;
    return (unsigned)(state >> 33);
}

static int ends_with(const char *text, const char *end) {
    size_t a = strlen(text), b = strlen(end);
    return a >= b && !strcmp(text + a - b, end);
}

/* The watched file behind a descriptor, or NULL. */
static struct file *file_of(int fd) {
    if (!watched[0]) return NULL;
    char link[64], path[1024];
    struct stat64 about;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0) return NULL;
    path[size] = 0;
    if (strncmp(path, watched, strlen(watched)) || !(ends_with(path, ".db") || ends_with(path, ".db-wal")) || fstat64(fd, &about)) return NULL;
    for (int i = 0; i < MAX_FILES; i++) {
        struct file *each = &files[i];
        if (each->path[0] && each->dev == about.st_dev && each->ino == about.st_ino) return each;
        if (!each->path[0] || !strcmp(each->path, path)) { /* a new file, or one that took the place of another */
            each->dev = about.st_dev; each->ino = about.st_ino; each->last = NULL;
            strcpy(each->path, path);
            return each;
        }
    }
    return NULL;
}

static void power_cut(void) {
    static const unsigned kept[] = {0, 30, 70, 95};
    unsigned keep = kept[next_random() % 4];
    for (int i = 0; i < MAX_FILES && files[i].path[0]; i++) {
        FILE *open = fopen64(files[i].path, "r+");
        if (!open) continue;
        int fd = fileno(open);
        struct change *newer = NULL;
        for (struct change *each = files[i].last; each;) { /* back to what was synced; and turn the list round */
            if (each->had) real_pwrite(fd, each->before, each->had, each->at);
            real_ftruncate(fd, each->size_before);
            struct change *older = each->older;
            each->older = newer; newer = each; each = older;
        }
        for (struct change *each = newer; each; each = each->older)
            for (size_t done = 0; each->after && done < each->size;) {
                size_t part = SECTOR - (size_t)((each->at + (off64_t)done) % SECTOR);
                if (part > each->size - done) part = each->size - done;
                if (next_random() % 100 < keep) real_pwrite(fd, each->after + done, part, each->at + (off64_t)done);
                done += part;
            }
    }
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static void tick(void) {
    count++;
    if (cut_at >= 0 && cut_at-- == 0) power_cut();
}

static void remember(struct file *file, int fd, const void *data, size_t size, off64_t at, size_t reach) {
    struct stat64 about;
    fstat64(fd, &about);
    struct change *made = calloc(1, sizeof *made);
    made->at = at; made->size = size; made->size_before = about.st_size; made->older = file->last;
    if (at < about.st_size) {
        size_t left = (size_t)(about.st_size - at);
        made->before = malloc(left < reach ? left : reach);
        ssize_t got = pread64(fd, made->before, left < reach ? left : reach, at);
        made->had = got > 0 ? (size_t)got : 0;
    }
    if (data) { made->after = malloc(size); memcpy(made->after, data, size); }
    file->last = made;
}

static ssize_t put(struct file *file, int fd, const void *data, size_t size, off64_t at, int positioned) {
    struct stat64 about;
    tick();
    fstat64(fd, &about);
    off64_t grows = at + (off64_t)size - about.st_size;
    if (room >= 0 && grows > 0) {
        if (grows > room) { errno = ENOSPC; return -1; }
        room -= grows;
    }
    remember(file, fd, data, size, at, size);
    return positioned ? real_pwrite(fd, data, size, at) : real_write(fd, data, size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    pthread_mutex_lock(&mutex);
    struct file *file = file_of(fd);
    ssize_t done = file ? put(file, fd, data, size, at, 1) : real_pwrite(fd, data, size, at);
    int kept = errno;
    pthread_mutex_unlock(&mutex);
    errno = kept;
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }

ssize_t write(int fd, const void *data, size_t size) {
    if (!watched[0]) return real_write(fd, data, size);
    pthread_mutex_lock(&mutex);
    struct file *file = file_of(fd);
    ssize_t done = file ? put(file, fd, data, size, lseek64(fd, 0, SEEK_CUR), 0) : real_write(fd, data, size);
    int kept = errno;
    pthread_mutex_unlock(&mutex);
    errno = kept;
    return done;
}

int ftruncate64(int fd, off64_t size) {
    pthread_mutex_lock(&mutex);
    struct file *file = file_of(fd);
    if (file) { tick(); remember(file, fd, NULL, 0, size, (size_t)-1 >> 1); }
    int done = real_ftruncate(fd, size);
    pthread_mutex_unlock(&mutex);
    return done;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd) {
    pthread_mutex_lock(&mutex);
    struct file *file = file_of(fd);
    int done = 0;
    if (!file) done = real_fsync(fd);
    else {
        tick();
        if (sync_fails_at >= 0 && ++syncs > sync_fails_at) { errno = EIO; done = -1; }
        else {
            for (struct change *each = file->last, *older; each; each = older) { older = each->older; free(each->before); free(each->after); free(each); }
            file->last = NULL; /* the kernel has it, and this process's death does not take it: nothing needs to wait for the disk */
        }
    }
    int kept = errno;
    pthread_mutex_unlock(&mutex);
    errno = kept;
    return done;
}

int fdatasync(int fd) { return fsync(fd); }

void disk_watch(const char *folder) { pthread_mutex_lock(&mutex); snprintf(watched, sizeof watched, "%s", folder); count = 0; pthread_mutex_unlock(&mutex); }
void disk_cut_after(long n, unsigned long long seed) { pthread_mutex_lock(&mutex); cut_at = n; state = seed * 2654435761u + 88172645463325252ull; pthread_mutex_unlock(&mutex); }
void disk_cut(void) { pthread_mutex_lock(&mutex); power_cut(); }
void disk_room(long bytes) { pthread_mutex_lock(&mutex); room = bytes; pthread_mutex_unlock(&mutex); }
void disk_fail_sync(long n) { pthread_mutex_lock(&mutex); sync_fails_at = n; syncs = 0; pthread_mutex_unlock(&mutex); }
long disk_count(void) { return count; }
