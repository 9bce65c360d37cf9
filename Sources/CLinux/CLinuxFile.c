#define _GNU_SOURCE
#include "CLinuxFile.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/uio.h>

int CLinux_open_direct(int directory, const char *path) {
    return openat(directory, path, O_RDONLY | O_DIRECT | O_CLOEXEC | O_NOFOLLOW);
}

int CLinux_allocate(int descriptor, int64_t offset, int64_t byteCount) {
    return fallocate(descriptor, 0, offset, byteCount);
}

ssize_t CLinux_write_zeros(int descriptor, int64_t offset, int64_t byteCount) {
    enum { pieceByteCount = 65536, pieceCountMax = 16 };
    static const char zeros[pieceByteCount];
    struct iovec pieces[pieceCountMax];
    int count = 0;
    while (byteCount > 0 && count < pieceCountMax) {
        size_t length = byteCount < pieceByteCount ? (size_t)byteCount : pieceByteCount;
        pieces[count].iov_base = (void *)zeros;
        pieces[count].iov_len = length;
        byteCount -= (int64_t)length;
        count += 1;
    }
    return pwritev(descriptor, pieces, count, offset);
}

int CLinux_rename_new(int directory, const char *source, const char *target) {
    return renameat2(directory, source, directory, target, RENAME_NOREPLACE);
}

int CLinux_lock_file(int descriptor) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return fcntl(descriptor, F_OFD_SETLK, &lock);
}

int CLinux_unlock_file(int descriptor) {
    struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    return fcntl(descriptor, F_OFD_SETLK, &lock);
}

int CLinux_is_file_locked(int descriptor) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(descriptor, F_OFD_GETLK, &lock) != 0) return -1;
    return lock.l_type != F_UNLCK;
}

int CLinux_free_byte_count(int descriptor, uint64_t *byteCount) {
    struct statvfs information;
    if (fstatvfs(descriptor, &information) != 0) return -1;
    *byteCount = (uint64_t)information.f_bavail * information.f_frsize;
    return 0;
}
