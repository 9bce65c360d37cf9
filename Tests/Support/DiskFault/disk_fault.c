// A library to preload into a program: a disk that writes only a part, really, or has no room.
//
// DISK_FAULT says what happens to calls on regular files:
//   half        each pwrite and pwritev writes the first half of what it was given
//   fail=N      of the N-th pwrite of 4096 bytes or more half is written, then one on it fails
//   full=PATH   while there is a file PATH, fallocate finds no room in the directory whose name
//               DISK_FAULT_IN gives
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LARGE_BYTE_COUNT = 4096 };

static atomic_int failing_descriptor = -1;
static atomic_long large_count = 0;

static int is_regular(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

// How many bytes a write of `count` may write; -1 for none, with an error.
static ssize_t allowance(int descriptor, size_t count) {
    const char *mode = getenv("DISK_FAULT");
    if (mode == NULL || count < 2 || !is_regular(descriptor)) return (ssize_t)count;
    if (strcmp(mode, "half") == 0) return (ssize_t)(count / 2);
    if (strncmp(mode, "fail=", 5) != 0) return (ssize_t)count;
    if (atomic_load(&failing_descriptor) == descriptor) {
        errno = EIO;
        return -1;
    }
    if (count < LARGE_BYTE_COUNT) return (ssize_t)count;
    if (atomic_fetch_add(&large_count, 1) + 1 != atol(mode + 5)) return (ssize_t)count;
    atomic_store(&failing_descriptor, descriptor);
    return (ssize_t)(count / 2);
}

typedef ssize_t (*write_function)(int, const void *, size_t, off_t);
typedef ssize_t (*writev_function)(int, const struct iovec *, int, off_t);

static ssize_t write_part(const char *name, int descriptor, const void *bytes, size_t count,
                          off_t offset) {
    ssize_t allowed = allowance(descriptor, count);
    if (allowed < 0) return -1;
    return ((write_function)dlsym(RTLD_NEXT, name))(descriptor, bytes, (size_t)allowed, offset);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    return write_part("pwrite", descriptor, bytes, count, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
    return write_part("pwrite64", descriptor, bytes, count, offset);
}

// Only the first piece, and of that a part.
ssize_t pwritev(int descriptor, const struct iovec *pieces, int count, off_t offset) {
    const char *mode = getenv("DISK_FAULT");
    if (mode != NULL && strcmp(mode, "half") == 0 && count > 0) {
        return write_part("pwrite", descriptor, pieces[0].iov_base, pieces[0].iov_len, offset);
    }
    return ((writev_function)dlsym(RTLD_NEXT, "pwritev"))(descriptor, pieces, count, offset);
}

// Whether a file lies in the directory that is full.
static int is_in_full_directory(int descriptor) {
    char link[64], path[4096], name[64];
    const char *directory = getenv("DISK_FAULT_IN");
    if (directory == NULL) return 0;
    snprintf(name, sizeof name, "/%s/", directory);
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t count = readlink(link, path, sizeof path - 1);
    path[count < 0 ? 0 : count] = 0;
    return strstr(path, name) != NULL;
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    const char *fault = getenv("DISK_FAULT");
    if (fault != NULL && strncmp(fault, "full=", 5) == 0 && access(fault + 5, F_OK) == 0 &&
        is_in_full_directory(descriptor)) {
        errno = ENOSPC;
        return -1;
    }
    return ((int (*)(int, int, off_t, off_t))dlsym(RTLD_NEXT, "fallocate"))(
        descriptor, mode, offset, length);
}
