#ifndef CLINUX_FILE_H
#define CLINUX_FILE_H

// Calls on files and directories that Swift's Glibc module does not import.

#include <stdint.h>
#include <sys/types.h>

/// open() with O_DIRECT and O_CLOEXEC, for reading: the descriptor, or -1 with errno.
///
/// EINVAL says that the file system cannot read past the page cache.
int CLinux_open_direct(int directory, const char *path);

/// Reserves space and extends the file (fallocate, mode 0): 0, or -1 with errno.
int CLinux_allocate(int descriptor, int64_t offset, int64_t byteCount);

/// Writes zeros with one pwritev call: the number of bytes written, or -1 with errno.
ssize_t CLinux_write_zeros(int descriptor, int64_t offset, int64_t byteCount);

/// rename() that refuses to replace: 0, or -1 with errno (EEXIST).
int CLinux_rename_new(int directory, const char *source, const char *target);

/// Locks a whole file for the owner of this open description, without waiting.
///
/// Gives 0, or -1 with errno: EAGAIN when somebody else has it. The kernel drops the lock with the
/// last descriptor of the description, so a killed process leaves none behind.
int CLinux_lock_file(int descriptor);

/// Drops the lock at once, also when a child process that has not called exec yet holds a copy of
/// the descriptor. Gives 0, or -1 with errno.
int CLinux_unlock_file(int descriptor);

/// Whether another open description holds a lock, without taking one: 1, 0, or -1 with errno.
int CLinux_is_file_locked(int descriptor);

/// The bytes that an unprivileged process may still allocate: 0, or -1 with errno.
int CLinux_free_byte_count(int descriptor, uint64_t *byteCount);

#endif
