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

/// The number of processors this process may run on, at least 1.
int CLinux_processor_count(void);

// MARK: The process

/// Has the kernel write no core dump of the process: 0, or -1 with errno.
int CLinux_forbid_dumps(void);

#endif
