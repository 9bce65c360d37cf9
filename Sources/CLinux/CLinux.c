#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <sched.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

const char *CLinux_error_text(int errorNumber) {
    const char *text = strerrordesc_np(errorNumber);
    return text != NULL ? text : "unknown error";
}

int CLinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags) {
    return accept4(descriptor, address, length, flags);
}

int CLinux_peer_credentials(int descriptor, pid_t *process, uid_t *user, gid_t *group) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
    *process = credentials.pid;
    *user = credentials.uid;
    *group = credentials.gid;
    return 0;
}

int CLinux_name_this_thread(const char *name) {
    return pthread_setname_np(pthread_self(), name);
}

int CLinux_ask_for_slices(uint64_t nanoseconds) {
    // As the kernel has had it from the start; the system's headers do not all define it.
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t niceness;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } attributes = {.size = sizeof attributes, .runtime = nanoseconds};
    const uint64_t keepPolicy = 0x08;
    attributes.flags = keepPolicy;
    attributes.niceness = getpriority(PRIO_PROCESS, 0);
    return (int)syscall(SYS_sched_setattr, 0, &attributes, 0);
}

int CLinux_become_idle(void) {
    const struct sched_param none = {0};
    return sched_setscheduler(0, SCHED_IDLE, &none);
}

int CLinux_processor_count(void) {
    cpu_set_t processors;
    if (sched_getaffinity(0, sizeof processors, &processors) != 0) return 1;
    return CPU_COUNT(&processors);
}

static size_t mapped_byte_count(size_t byteCount) {
    const size_t huge = 2 << 20;
    return byteCount < huge ? byteCount : (byteCount + huge - 1) & ~(huge - 1);
}

void *CLinux_map_memory(size_t byteCount) {
    const size_t huge = 2 << 20;
    size_t size = mapped_byte_count(byteCount), slack = byteCount < huge ? 0 : huge;
    char *start = mmap(
        NULL, size + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return NULL;
    if (slack == 0) return start;
    // A huge page starts on a multiple of its size: what is too much at both ends is given back.
    size_t front = (huge - ((uintptr_t)start & (huge - 1))) & (huge - 1);
    if (front > 0) munmap(start, front);
    if (front < slack) munmap(start + front + size, slack - front);
    madvise(start + front, size, MADV_HUGEPAGE);
    return start + front;
}

int CLinux_populate_memory(void *start, size_t byteCount) {
    // Of the kernel since 5.14; the system's headers do not all define it.
    const int populateWrite = 23;
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = (uintptr_t)start & ~(page - 1), end = (uintptr_t)start + byteCount;
    size_t whole = ((end - first) + page - 1) & ~(page - 1);
    return madvise((void *)first, whole, populateWrite) == 0 ? 0 : errno;
}

void CLinux_unmap_memory(void *start, size_t byteCount) {
    munmap(start, mapped_byte_count(byteCount));
}

int CLinux_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

void CLinux_become_background(void) {
    const int idleClass = 3, classShift = 13, ofProcess = 1;
    // Where memory is short, this process goes and not the one that serves.
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (score >= 0) {
        (void)!write(score, "1000", 4);
        close(score);
    }
    setpriority(PRIO_PROCESS, 0, 19);
    CLinux_become_idle();
    syscall(SYS_ioprio_set, ofProcess, 0, idleClass << classShift);
}

int CLinux_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

int CLinux_spawn(const char *path, char *const arguments[], int output, pid_t *process) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    int failure = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (failure == 0) failure = posix_spawn_file_actions_adddup2(&actions, output, 1);
    if (failure == 0) failure = posix_spawn_file_actions_adddup2(&actions, output, 2);
    if (failure == 0) failure = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (failure == 0) {
        failure = posix_spawn(process, path, &actions, &attributes, arguments, environ);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    errno = failure;
    return failure == 0 ? 0 : -1;
}

int CLinux_wait(pid_t process) {
    int status;
    while (waitpid(process, &status, 0) < 0) {
        if (errno != EINTR) return -1000;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int CLinux_pipe(int descriptors[2]) { return pipe2(descriptors, O_CLOEXEC); }
