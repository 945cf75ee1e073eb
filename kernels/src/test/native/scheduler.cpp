#include "scheduler.h"

#undef threadIdx
#undef blockIdx
#undef blockDim
#undef gridDim

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

extern "C" void* __tls_get_addr(size_t moduleAndOffset[2]);

/** Saves the running fiber's registers and stack pointer in *from, and goes on where `to` was saved. */
extern "C" void emulation_switch(void** from, void* to);
asm(R"(
.text
.hidden emulation_switch
.globl emulation_switch
.type emulation_switch,@function
emulation_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp,(%rdi)
    movq %rsi,%rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size emulation_switch,.-emulation_switch
)");

namespace emulation {
namespace {

// No multiple of a power of two, so that stacks do not compete for the same lines of the cache.
constexpr size_t STACK = 64 * 1024 + 11 * 64;
constexpr int THREADS = 1024;

struct Copy { void* to; const void* from; int bytes, zeros; };

/** The copies that a thread has started and not yet waited for: closed groups, then the open one. They happen when they are waited for, never before. */
struct Copies { std::vector<std::vector<Copy>> groups; std::vector<Copy> open; };

/** A block's fibers; one for each thread of the host, used again for block after block. */
struct Fibers : Block {
    int threads, warpCount, alive, atBarrier;
    void* host;
    void* suspended[THREADS];
    int stackOf[THREADS];
    std::vector<int> freeStacks;
    int usedStacks;
    char* stacks;
    std::vector<char> dynamic;
    Copies copies[THREADS];
    const Launch* launch;
    std::string error;

    Fibers() {
        stacks = static_cast<char*>(mmap(nullptr, THREADS * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
        wait = [](Block* b) { static_cast<Fibers*>(b)->suspendCurrent(); };
        barrier = [](Block* b) { static_cast<Fibers*>(b)->waitForBlock(); };
        copy = [](Block* b, void* to, const void* from, int bytes, int zeros) {
            static_cast<Fibers*>(b)->copies[b->current].open.push_back({to, from, bytes, zeros});
        };
        commit = [](Block* b) {
            Copies& mine = static_cast<Fibers*>(b)->copies[b->current];
            mine.groups.push_back(std::move(mine.open));
            mine.open.clear();
        };
        waitForGroups = [](Block* b, int pending) { static_cast<Fibers*>(b)->finishCopies(pending); };
        fail = [](Block* b, const char* what) { static_cast<Fibers*>(b)->endBlock(what); };
    }
    ~Fibers() { munmap(stacks, THREADS * STACK); }

    void prepare(const Launch& next);
    std::string runBlock(size_t index);
    void finishCopies(int pending);
    void waitForBlock();
    void suspendCurrent();
    void endBlock(const char* what);
    void open();
    int pick() const;
    void resume(int thread);
    void switchTo(void** from, int thread);
    static void threadMain();
};

void Fibers::prepare(const Launch& next) {
    launch = &next;
    gridDim = next.grid;
    blockDim = next.block;
    threads = int(blockDim.x * blockDim.y * blockDim.z);
    warpCount = (threads + 31) / 32;
    for (int t = 0; t < threads; t++) {
        unsigned i = unsigned(t);
        threadIdx[t] = {i % blockDim.x, i / blockDim.x % blockDim.y, i / (blockDim.x * blockDim.y)};
    }
    if (dynamic.size() < next.dynamicShared + 128) dynamic.resize(next.dynamicShared + 128);
    dynamicShared = dynamic.data() + (128 - reinterpret_cast<uintptr_t>(dynamic.data()) % 128);
}

std::string Fibers::runBlock(size_t index) {
    if (launch->order == Order::REVERSED) index = size_t(gridDim.x) * gridDim.y * gridDim.z - 1 - index;
    blockIdx = {unsigned(index % gridDim.x), unsigned(index / gridDim.x % gridDim.y), unsigned(index / (size_t(gridDim.x) * gridDim.y))};
    memset(dynamicShared, 0xff, launch->dynamicShared);
    if (launch->staticShared.size) {
        size_t place[2] = {launch->staticShared.module, 0};
        memset(__tls_get_addr(place), 0xff, launch->staticShared.size);
    }
    alive = threads;
    atBarrier = usedStacks = 0;
    freeStacks.clear();
    error.clear();
    for (int w = 0; w < warpCount; w++) {
        int lanes = threads - 32 * w;
        warps[w].live = warps[w].ready = lanes >= 32 ? ~0u : (1u << lanes) - 1;
        warps[w].arrived = 0;
    }
    for (int t = 0; t < threads; t++) {
        suspended[t] = nullptr;
        copies[t].groups.clear();
        copies[t].open.clear();
    }
    current = launch->order == Order::REVERSED ? threads - 1 : 0;
    current = pick();
    switchTo(&host, current);
    return error;
}

void Fibers::finishCopies(int pending) {
    auto& groups = copies[current].groups;
    while (int(groups.size()) > pending) {
        for (Copy& c : groups.front()) {
            memcpy(c.to, c.from, c.bytes);
            memset(static_cast<char*>(c.to) + c.bytes, 0, c.zeros);
        }
        groups.erase(groups.begin());
    }
}

/** All threads that have not ended have to come. */
void Fibers::waitForBlock() {
    if (++atBarrier == alive) {
        open();
    } else {
        warps[current >> 5].ready &= ~(1u << (current & 31));
        suspendCurrent();
    }
}

void Fibers::open() {
    atBarrier = 0;
    for (int w = 0; w < warpCount; w++) warps[w].ready = warps[w].live;
}

/** A ready thread, of the same warp if there is one, so that a warp runs together; or -1. */
int Fibers::pick() const {
    int warp = current >> 5;
    for (int i = 0; i < warpCount; i++) {
        if (uint32_t ready = warps[warp].ready) {
            return warp * 32 + (launch->order == Order::REVERSED ? 31 - __builtin_clz(ready) : __builtin_ctz(ready));
        }
        warp = warp + 1 == warpCount ? 0 : warp + 1;
    }
    return -1;
}

void Fibers::suspendCurrent() {
    int from = current, to = pick();
    if (to < 0) endBlock("every thread waits: a barrier or a warp's operation that some threads do not reach");
    current = to;
    switchTo(&suspended[from], to);
}

void Fibers::endBlock(const char* what) {
    uint3 t = threadIdx[current];
    char place[160];
    snprintf(place, sizeof place, " (block %u,%u,%u, thread %u,%u,%u)", blockIdx.x, blockIdx.y, blockIdx.z, t.x, t.y, t.z);
    error = std::string(what) + place;
    void* abandoned;
    emulation_switch(&abandoned, host);
}

void Fibers::switchTo(void** from, int thread) {
    if (!suspended[thread]) {
        int stack = usedStacks;
        if (freeStacks.empty()) usedStacks++;
        else { stack = freeStacks.back(); freeStacks.pop_back(); }
        stackOf[thread] = stack;
        void** top = reinterpret_cast<void**>(stacks + (stack + 1) * STACK - 64);
        *--top = nullptr;  // the return address of threadMain
        *--top = reinterpret_cast<void*>(&threadMain);
        top -= 6;
        top[0] = static_cast<Block*>(this);  // r15
        suspended[thread] = top;
    }
    emulation_switch(from, suspended[thread]);
}

/** Runs threads to their end. One that has not started takes over the stack of the one that has ended. */
void Fibers::threadMain() {
    Fibers* f = static_cast<Fibers*>(block);
    for (;;) {
        f->launch->call(f->launch->values);
        int ended = f->current;
        uint32_t bit = 1u << (ended & 31);
        f->warps[ended >> 5].live &= ~bit;
        f->warps[ended >> 5].ready &= ~bit;
        f->alive--;
        if (f->alive && f->atBarrier == f->alive) f->open();
        int next = f->pick();
        if (next >= 0) {
            f->current = next;
            if (!f->suspended[next]) {
                f->stackOf[next] = f->stackOf[ended];
                f->suspended[next] = f;
                continue;
            }
        } else if (f->alive) {
            f->endBlock("a thread has ended while others wait for it at a barrier or in a warp's operation");
        }
        f->freeStacks.push_back(f->stackOf[ended]);
        void* abandoned;
        emulation_switch(&abandoned, next >= 0 ? f->suspended[next] : f->host);
    }
}

std::mutex poolLock;
std::vector<std::unique_ptr<Fibers>> pool;

std::unique_ptr<Fibers> take() {
    std::lock_guard<std::mutex> lock(poolLock);
    if (pool.empty()) return std::make_unique<Fibers>();
    auto fibers = std::move(pool.back());
    pool.pop_back();
    return fibers;
}

}  // namespace

std::string run(const Launch& launch) {
    size_t blocks = size_t(launch.grid.x) * launch.grid.y * launch.grid.z;
    size_t threads = blocks * launch.block.x * launch.block.y * launch.block.z;
    std::atomic<size_t> next{0};
    std::mutex errorLock;
    std::string error;
    auto work = [&] {
        auto fibers = take();
        fibers->prepare(launch);
        for (size_t i; (i = next++) < blocks;) {
            std::string wrong = fibers->runBlock(i);
            if (!wrong.empty()) {
                std::lock_guard<std::mutex> lock(errorLock);
                error = wrong;
                next = blocks;
            }
        }
        std::lock_guard<std::mutex> lock(poolLock);
        pool.push_back(std::move(fibers));
    };
    // A thread of the host is worth its start only for some hundred microseconds of work.
    size_t workers = std::min({blocks, threads / 8192 + 1, size_t(std::max(1u, std::thread::hardware_concurrency()))});
    std::vector<std::thread> others;
    for (size_t i = 1; i < workers; i++) others.emplace_back(work);
    work();
    for (auto& other : others) other.join();
    return error;
}

}  // namespace emulation
