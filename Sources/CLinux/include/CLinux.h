#ifndef CLINUX_H
#define CLINUX_H

// The Linux calls that Swift's Glibc module does not import.
//
// _GNU_SOURCE must not be defined in this header: a Clang module that sees it lays out glibc types
// (fd_set, for one) differently from the modules that do not, and importing both is then an error.
// A call that needs it gets a wrapper in CLinux.c.

#include "CLinuxFile.h"

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/types.h>

// MARK: Errors

/// The text of an error number, in English whatever the locale, from static storage.
const char *CLinux_error_text(int errorNumber);

// MARK: Sockets

int CLinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

/// Who is at the other end of a Unix socket (SO_PEERCRED): 0, or -1 with errno.
int CLinux_peer_credentials(int descriptor, pid_t *process, uid_t *user, gid_t *group);

// MARK: Threads and processors

/// Names the calling thread; at most 15 bytes.
int CLinux_name_this_thread(const char *name);

/// Asks for slices of a processor of so many nanoseconds for the calling thread, whose class stays:
/// 0, or -1 with errno. Kernels before 6.12 take no notice.
int CLinux_ask_for_slices(uint64_t nanoseconds);

/// Gives the calling thread the idle class of the scheduler: 0, or -1 with errno. A thread without
/// privileges cannot leave it.
int CLinux_become_idle(void);

/// The number of processors this process may run on, at least 1.
int CLinux_processor_count(void);

// MARK: Memory

/// Maps so many bytes of zeros, in huge pages where the system has them and it is worth one: NULL
/// when there is no memory. Pages are taken as they are first touched.
void *CLinux_map_memory(size_t byteCount);

/// Takes the pages of such memory before they are touched, and changes nothing in them: 0, or the
/// error number.
///
/// EINVAL says that the kernel is older than 5.14. ENOMEM says that memory is short, or that some
/// of this has been given back: the pages before that are taken.
int CLinux_populate_memory(void *start, size_t byteCount);

/// Gives back what CLinux_map_memory gave, with the same count.
void CLinux_unmap_memory(void *start, size_t byteCount);

/// Has the processor fetch a line of memory that will be read soon, without waiting for it.
static inline void CLinux_prefetch(const void *address) { __builtin_prefetch(address); }

// MARK: The process

/// Has the kernel write no core dump of the process: 0, or -1 with errno.
int CLinux_forbid_dumps(void);

/// Gives the process, for good, what nobody else wants of processor and disk: the least niceness,
/// the idle class of the scheduler and of the disk's. What the kernel refuses stays as it was.
void CLinux_become_background(void);

/// Has the kernel kill the process when the thread that started it ends: 0, or -1 with errno.
int CLinux_end_with_parent(void);

/// Starts a program with no descriptors but null as input and `output` as its output and errors, no
/// signal blocked, and the environment of this process. Gives 0, or -1 with errno.
int CLinux_spawn(const char *path, char *const arguments[], int output, pid_t *process);

/// Waits for a child's end: its exit status, minus the signal that ended it, or -1000 with errno.
int CLinux_wait(pid_t process);

/// A pipe whose ends close when a program is started: 0, or -1 with errno.
int CLinux_pipe(int descriptors[2]);

#endif
