// The emulated driver: what the files of libcuda.so.1 share. Device memory is memory of the host.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "scheduler.h"

/** A function of the driver's interface. Names and types are those of cuda.h, of which no line is needed here. */
#define API extern "C" __attribute__((visibility("default"))) int

using Address = uint64_t;

enum Status {
    SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, INVALID_DEVICE = 101, INVALID_IMAGE = 200, INVALID_CONTEXT = 201,
    NO_BINARY_FOR_GPU = 209, INVALID_HANDLE = 400, NOT_FOUND = 500, NOT_READY = 600, ILLEGAL_ADDRESS = 700, LAUNCH_FAILED = 719,
    NOT_SUPPORTED = 801, CAPTURE_UNSUPPORTED = 900, CAPTURE_INVALIDATED = 901, CAPTURE_IMPLICIT = 906, CAPTURE_WRONG_THREAD = 908
};

using Work = std::function<int()>;

/**
 * Work that was asked for and has not happened yet. Nothing happens before somebody waits for it, so that whoever forgets to wait sees what was there before.
 */
struct Queue {
    std::deque<Work> pending;
    uint64_t given = 0, done = 0;

    uint64_t add(Work work) { pending.push_back(std::move(work)); return ++given; }
    /** Does the work up to the one that `add` numbered so. */
    int runUntil(uint64_t number);
    int runAll() { return runUntil(given); }
};

/** What a stream records: in mode GLOBAL no thread may wait or allocate meanwhile, in THREAD_LOCAL not the one that began, in RELAXED all may. */
struct Graph {
    enum Mode { GLOBAL, THREAD_LOCAL, RELAXED };

    std::vector<Work> operations;
    bool invalid = false;
    int mode = GLOBAL;
    std::thread::id thread = std::this_thread::get_id();

    bool forbids() const { return mode == GLOBAL || (mode == THREAD_LOCAL && thread == std::this_thread::get_id()); }
};

struct Context {
    /** The first error that destroyed the context; every later call returns it. */
    int fault = SUCCESS;
    int users = 0;
    std::shared_ptr<Queue> legacy = std::make_shared<Queue>();
    std::vector<struct Stream*> streams;
};

struct Stream {
    Context* context;
    /** Whether it waits for the legacy default stream, and that for it. */
    bool blocking;
    std::shared_ptr<Queue> queue;
    std::shared_ptr<Graph> capture;
};

struct Event {
    std::shared_ptr<Queue> queue;
    uint64_t number = 0;
    std::shared_ptr<Graph> capture;
    double milliseconds = 0;
};

/** One driver, one lock: calls of several threads happen one after the other. */
extern std::recursive_mutex driverLock;
extern bool initialized;

Context* currentContext();

/** Adds work to a stream, null being the legacy default stream, or to the graph that the stream records. Seen by the emulated cuBLAS. */
__attribute__((visibility("default"))) int emulation_submit(Stream* stream, Work work);

/** Destroys the current context with an error, and says why. */
int fault(int status, const std::string& why);

/** Counts a call of a function for tests that ask how often it was called. */
void count(const std::string& function);

/** Finishes what was asked for in a context. */
int drain(Context* context);

/** CAPTURE_UNSUPPORTED, and the end of every recording, if a stream is being captured; calls that wait or allocate must not happen then. */
int refuseDuringCapture();

/** The status of a range of device or pinned memory: INVALID_VALUE where it does not lie inside one allocation. */
int checkRange(Address at, size_t bytes);

/** Whether an address is null or lies in, or at the end of, an allocation of a kernel's use. */
bool isReachable(Address at);

/** What was written beside the allocation of an address, or beside any if it is 0; or an empty text. */
std::string damage(Address at);

bool isPinned(const void* at);

/** Frees what a context still has, and counts it as lost. */
void releaseAll(Context* context);

#define ENTER                                                  \
    std::lock_guard<std::recursive_mutex> guard(driverLock);   \
    if (!initialized) return NOT_INITIALIZED;                  \
    Context* context = currentContext();                       \
    if (!context) return INVALID_CONTEXT;                      \
    if (context->fault) return context->fault

#define RETURN_IF_ERROR(call) do { if (int status_ = (call)) return status_; } while (0)
