#include "CAllocationCounter.h"

#include <errno.h>
#include <stddef.h>

// glibc's own allocator under its other names.
extern void *__libc_malloc(size_t byteCount);
extern void *__libc_calloc(size_t count, size_t byteCount);
extern void *__libc_realloc(void *pointer, size_t byteCount);
extern void *__libc_memalign(size_t alignment, size_t byteCount);

// Initial-exec: reading it must not allocate, as a lazily made thread-local block would.
static __thread uint64_t count __attribute__((tls_model("initial-exec")));

uint64_t CAllocationCounter_count(void) { return count; }

void *malloc(size_t byteCount) {
    count++;
    return __libc_malloc(byteCount);
}

void *calloc(size_t elementCount, size_t byteCount) {
    count++;
    return __libc_calloc(elementCount, byteCount);
}

void *realloc(void *pointer, size_t byteCount) {
    count++;
    return __libc_realloc(pointer, byteCount);
}

void *aligned_alloc(size_t alignment, size_t byteCount) {
    count++;
    return __libc_memalign(alignment, byteCount);
}

int posix_memalign(void **pointer, size_t alignment, size_t byteCount) {
    count++;
    void *allocated = __libc_memalign(alignment, byteCount);
    if (allocated == NULL) return ENOMEM;
    *pointer = allocated;
    return 0;
}
