// Allocation and copies. Every allocation is filled with NaN and lies between red zones, which are NaN too: what reads them is noticed in its results, what
// writes them when the next call that waits, or the free, finds the pattern changed.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

#include "driver.h"

namespace {

constexpr size_t RED_ZONE = 256, CAPACITY = size_t(8) << 30;
/** NaN as a float and as two halves, and not the pattern of fresh memory. */
constexpr uint32_t RED = 0xffc5ffc5;

struct Allocation { size_t bytes; char* base; bool pinned; Context* context; };

std::map<Address, Allocation> allocations;
size_t used;
long lost;

size_t padded(size_t bytes) { return (bytes + 255) / 256 * 256; }

/** The red zone after an allocation begins at its last byte. */
void paint(char* from, char* to) {
    for (; from < to; from++) *from = char(RED >> 8 * (reinterpret_cast<uintptr_t>(from) % 4));
}

bool intact(const char* from, const char* to) {
    return std::all_of(from, to, [](const char& c) { return c == char(RED >> 8 * (reinterpret_cast<uintptr_t>(&c) % 4)); });
}

std::string damageOf(Address at, const Allocation& a) {
    const char* start = a.base + RED_ZONE;
    const char* where = !intact(a.base, start) ? "before" : !intact(start + a.bytes, start + padded(a.bytes) + RED_ZONE) ? "past the end of" : nullptr;
    if (!where) return "";
    char text[160];
    snprintf(text, sizeof text, "something was written %s the allocation of %zu bytes at 0x%lx", where, a.bytes, at);
    return text;
}

int allocate(Address* at, size_t bytes, bool pinned, Context* context) {
    if (!bytes) return INVALID_VALUE;
    RETURN_IF_ERROR(refuseDuringCapture());
    if (!pinned && used + bytes > CAPACITY) return OUT_OF_MEMORY;
    char* base = static_cast<char*>(aligned_alloc(256, padded(bytes) + 2 * RED_ZONE));
    if (!base) return OUT_OF_MEMORY;
    paint(base, base + RED_ZONE);
    memset(base + RED_ZONE, 0xff, bytes);
    paint(base + RED_ZONE + bytes, base + 2 * RED_ZONE + padded(bytes));
    *at = reinterpret_cast<Address>(base + RED_ZONE);
    allocations[*at] = {bytes, base, pinned, context};
    if (!pinned) used += bytes;
    return SUCCESS;
}

void forget(std::map<Address, Allocation>::iterator which) {
    if (!which->second.pinned) used -= which->second.bytes;
    free(which->second.base);
    allocations.erase(which);
}

/** Freeing waits for everything, as the driver does. */
int release(Address at, bool pinned, Context* context) {
    RETURN_IF_ERROR(refuseDuringCapture());
    auto found = allocations.find(at);
    if (found == allocations.end() || found->second.pinned != pinned) return INVALID_VALUE;
    RETURN_IF_ERROR(drain(context));
    std::string damaged = damageOf(found->first, found->second);
    forget(found);
    return damaged.empty() ? SUCCESS : fault(ILLEGAL_ADDRESS, damaged);
}

std::map<Address, Allocation>::iterator containing(Address at) {
    auto next = allocations.upper_bound(at);
    return next == allocations.begin() ? allocations.end() : std::prev(next);
}

/** Says at the program's end what was not freed; with CUDA_EMULATION_LEAKS=fatal the program ends with status 70 then. */
struct LeakCheck {
    ~LeakCheck() {
        size_t count = 0, bytes = 0;
        for (auto& [at, a] : allocations) if (!a.pinned) { count++; bytes += a.bytes; }
        if (count + lost == 0) return;
        fprintf(stderr, "emulated CUDA driver: %zu device allocations (%zu bytes) were never freed, %ld were left to the end of their context\n", count, bytes, lost);
        const char* wish = getenv("CUDA_EMULATION_LEAKS");
        if (wish && !strcmp(wish, "fatal")) _Exit(70);
    }
} leakCheck;

}  // namespace

int checkRange(Address at, size_t bytes) {
    auto found = containing(at);
    return found != allocations.end() && at + bytes <= found->first + found->second.bytes ? SUCCESS : INVALID_VALUE;
}

bool isReachable(Address at) { return !at || !checkRange(at, 0); }

bool isPinned(const void* at) {
    auto found = containing(reinterpret_cast<Address>(at));
    return found != allocations.end() && found->second.pinned && !checkRange(reinterpret_cast<Address>(at), 1);
}

std::string damage(Address at) {
    if (at) {
        auto found = containing(at);
        return found == allocations.end() ? "" : damageOf(found->first, found->second);
    }
    for (auto& [start, allocation] : allocations) {
        std::string damaged = damageOf(start, allocation);
        if (!damaged.empty()) return damaged;
    }
    return "";
}

void releaseAll(Context* context) {
    for (auto i = allocations.begin(); i != allocations.end();) {
        auto next = std::next(i);
        if (i->second.context == context) {
            if (!i->second.pinned) lost++;
            forget(i);
        }
        i = next;
    }
}

/** Device allocations that live, and those that a context's end had to free. */
extern "C" __attribute__((visibility("default"))) long emulation_allocations() {
    std::lock_guard<std::recursive_mutex> guard(driverLock);
    long live = 0;
    for (auto& [at, a] : allocations) live += !a.pinned;
    return live + lost;
}

API cuMemAlloc_v2(Address* at, size_t bytes) { ENTER; return allocate(at, bytes, false, context); }
API cuMemFree_v2(Address at) { ENTER; return release(at, false, context); }
API cuMemHostAlloc(void** at, size_t bytes, unsigned) { ENTER; return allocate(reinterpret_cast<Address*>(at), bytes, true, context); }
API cuMemAllocHost_v2(void** at, size_t bytes) { return cuMemHostAlloc(at, bytes, 0); }
API cuMemFreeHost(void* at) { ENTER; return release(reinterpret_cast<Address>(at), true, context); }
API cuMemHostGetDevicePointer_v2(Address* device, void* host, unsigned) {
    ENTER;
    *device = reinterpret_cast<Address>(host);
    return isPinned(host) ? SUCCESS : INVALID_VALUE;
}
API cuMemGetInfo_v2(size_t* unused, size_t* total) { ENTER; *unused = CAPACITY - used; *total = CAPACITY; return SUCCESS; }

/** A recording must not name memory that moves or waits, which memory that is not pinned may. */
static int refusePageable(Stream* stream) {
    if (!stream || !stream->capture) return SUCCESS;
    stream->capture->invalid = true;
    return CAPTURE_UNSUPPORTED;
}

API cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, Stream* stream) {
    ENTER;
    RETURN_IF_ERROR(checkRange(to, bytes));
    if (isPinned(from)) return emulation_submit(stream, [=] { memcpy(reinterpret_cast<void*>(to), from, bytes); return SUCCESS; });
    RETURN_IF_ERROR(refusePageable(stream));
    auto copy = std::make_shared<std::vector<char>>(static_cast<const char*>(from), static_cast<const char*>(from) + bytes);
    return emulation_submit(stream, [=] { memcpy(reinterpret_cast<void*>(to), copy->data(), bytes); return SUCCESS; });
}
API cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, Stream* stream) {
    ENTER;
    RETURN_IF_ERROR(checkRange(from, bytes));
    if (!isPinned(to)) RETURN_IF_ERROR(refusePageable(stream));
    RETURN_IF_ERROR(emulation_submit(stream, [=] { memcpy(to, reinterpret_cast<void*>(from), bytes); return SUCCESS; }));
    return isPinned(to) ? SUCCESS : (stream ? stream->queue : context->legacy)->runAll();
}
API cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, Stream* stream) {
    ENTER;
    RETURN_IF_ERROR(checkRange(to, bytes));
    RETURN_IF_ERROR(checkRange(from, bytes));
    return emulation_submit(stream, [=] { memmove(reinterpret_cast<void*>(to), reinterpret_cast<void*>(from), bytes); return SUCCESS; });
}
API cuMemsetD32Async(Address to, unsigned value, size_t count, Stream* stream) {
    ENTER;
    RETURN_IF_ERROR(checkRange(to, 4 * count));
    return emulation_submit(stream, [=] { std::fill_n(reinterpret_cast<unsigned*>(to), count, value); return SUCCESS; });
}
API cuMemsetD16Async(Address to, unsigned short value, size_t count, Stream* stream) {
    ENTER;
    RETURN_IF_ERROR(checkRange(to, 2 * count));
    return emulation_submit(stream, [=] { std::fill_n(reinterpret_cast<unsigned short*>(to), count, value); return SUCCESS; });
}
API cuMemsetD8Async(Address to, unsigned char value, size_t count, Stream* stream) {
    ENTER;
    RETURN_IF_ERROR(checkRange(to, count));
    return emulation_submit(stream, [=] { memset(reinterpret_cast<void*>(to), value, count); return SUCCESS; });
}

// The calls without a stream wait for the legacy default stream, and so for every stream but those created as non-blocking.
namespace {
template <class Copy> int wait(Copy copy) {
    ENTER;
    RETURN_IF_ERROR(refuseDuringCapture());
    RETURN_IF_ERROR(copy());
    return context->legacy->runAll();
}
}  // namespace
API cuMemcpyHtoD_v2(Address to, const void* from, size_t bytes) { return wait([=] { return cuMemcpyHtoDAsync_v2(to, from, bytes, nullptr); }); }
API cuMemcpyDtoH_v2(void* to, Address from, size_t bytes) { return wait([=] { return cuMemcpyDtoHAsync_v2(to, from, bytes, nullptr); }); }
API cuMemcpyDtoD_v2(Address to, Address from, size_t bytes) { return cuMemcpyDtoDAsync_v2(to, from, bytes, nullptr); }
API cuMemsetD32_v2(Address to, unsigned value, size_t count) { return cuMemsetD32Async(to, value, count, nullptr); }
API cuMemsetD8_v2(Address to, unsigned char value, size_t count) { return cuMemsetD8Async(to, value, count, nullptr); }
