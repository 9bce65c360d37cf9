#ifndef CALLOCATIONCOUNTER_H
#define CALLOCATIONCOUNTER_H

#include <stdint.h>

/// Heap allocations made by the calling thread since it began, libraries' included.
///
/// Linking this target puts a counting malloc in front of glibc's for the whole test program.
uint64_t CAllocationCounter_count(void);

#endif
