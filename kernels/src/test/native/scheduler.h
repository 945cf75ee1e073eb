// Runs the grid of a kernel that was compiled with cuda_emulation.h.
#pragma once

#include <string>

#include "cuda_emulation.h"

namespace emulation {

/** In which order ready threads run, and blocks start. A kernel that needs a barrier and has none goes wrong in one of them at least. */
enum class Order { FORWARD, REVERSED };

/** The static shared memory of a kernel library: its thread-local storage. */
struct SharedMemory { size_t module = 0, size = 0; };

struct Launch {
    void (*call)(void**);
    dim3 grid, block;
    unsigned dynamicShared;
    SharedMemory staticShared;
    void** values;
    Order order;
};

/** Runs all blocks, on several threads of the host; what a block did wrong, or an empty text. Shared memory is filled with NaN before every block. */
std::string run(const Launch& launch);

}  // namespace emulation
