// Devices, contexts, modules and launches.
#include "driver.h"

#undef threadIdx
#undef blockIdx
#undef blockDim
#undef gridDim

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

std::recursive_mutex driverLock;
bool initialized;

namespace {

using emulation::POINTER;

Context primary;
thread_local std::vector<Context*> stack;
emulation::Order order = emulation::Order::FORWARD;
std::string lastFault;
std::map<std::string, long> calls;

struct Module {
    Context* context;
    void* library;
    int file;
    emulation::SharedMemory shared;
    std::map<std::string, struct Function*> functions;
};

struct Function {
    Module* module;
    std::string name;
    void (*call)(void**);
    std::vector<unsigned> parameters;
    int dynamicShared = 48 * 1024;
};

constexpr int SHARED_PER_BLOCK = 48 * 1024, SHARED_OPT_IN = 227 * 1024;

/**
 * Loads an ELF file from memory; its bytes end with its table of sections. The file stays open, as a library is known by its path, and the number of a closed
 * file would name the next one too.
 */
int loadLibrary(const void* image, void** library, int* file) {
    auto* header = static_cast<const Elf64_Ehdr*>(image);
    if (memcmp(header->e_ident, ELFMAG, SELFMAG)) return INVALID_IMAGE;
    if (header->e_machine != EM_X86_64) return NO_BINARY_FOR_GPU;
    size_t bytes = header->e_shoff + size_t(header->e_shnum) * header->e_shentsize;
    *file = memfd_create("kernels", 0);
    for (size_t at = 0; at < bytes;) {
        ssize_t written = write(*file, static_cast<const char*>(image) + at, bytes - at);
        if (written <= 0) return OUT_OF_MEMORY;
        at += size_t(written);
    }
    *library = dlopen(("/proc/self/fd/" + std::to_string(*file)).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (*library) return SUCCESS;
    close(*file);
    fprintf(stderr, "emulated CUDA driver: %s\n", dlerror());
    return INVALID_IMAGE;
}

emulation::SharedMemory sharedMemoryOf(void* library) {
    struct Search { ElfW(Addr) base; emulation::SharedMemory found; } search{};
    link_map* map;
    dlinfo(library, RTLD_DI_LINKMAP, &map);
    search.base = map->l_addr;
    dl_iterate_phdr([](dl_phdr_info* info, size_t, void* data) {
        auto* wanted = static_cast<Search*>(data);
        if (info->dlpi_addr != wanted->base) return 0;
        for (int i = 0; i < info->dlpi_phnum; i++) {
            if (info->dlpi_phdr[i].p_type == PT_TLS) wanted->found = {info->dlpi_tls_modid, info->dlpi_phdr[i].p_memsz};
        }
        return 1;
    }, &search);
    return search.found;
}

/** A kernel's call with its values, which outlive the caller's. */
struct Call {
    Function* function;
    dim3 grid, block;
    unsigned shared;
    std::vector<std::vector<char>> values;

    int run() {
        std::string what = "kernel " + function->name + ": ";
        std::vector<void*> pointers;
        for (size_t i = 0; i < values.size(); i++) {
            pointers.push_back(values[i].data());
            if (!isReachable(address(i))) return fault(ILLEGAL_ADDRESS, what + "parameter " + std::to_string(i) + " is no address of device memory in use");
        }
        std::string error = emulation::run({function->call, grid, block, shared, function->module->shared, pointers.data(), order});
        if (!error.empty()) return fault(LAUNCH_FAILED, what + error);
        for (size_t i = 0; i < values.size(); i++) {
            std::string damaged = address(i) ? damage(address(i)) : "";
            if (!damaged.empty()) return fault(ILLEGAL_ADDRESS, what + damaged);
        }
        return SUCCESS;
    }

    /** The address that a parameter is, or 0. */
    Address address(size_t parameter) {
        Address at = 0;
        if (function->parameters[parameter] & POINTER) memcpy(&at, values[parameter].data(), sizeof at);
        return at;
    }
};

}  // namespace

Context* currentContext() { return stack.empty() ? nullptr : stack.back(); }

int fault(int status, const std::string& why) {
    lastFault = why;
    fprintf(stderr, "emulated CUDA driver: %s\n", why.c_str());
    return currentContext()->fault = status;
}

/** Why the last context was destroyed by an error. */
extern "C" __attribute__((visibility("default"))) const char* emulation_fault() { return lastFault.c_str(); }

void count(const std::string& function) { calls[function]++; }

/** How often cuLaunchKernel, cuGraphLaunch or cuGraphInstantiate was called. */
extern "C" __attribute__((visibility("default"))) long emulation_calls(const char* function) {
    std::lock_guard<std::recursive_mutex> guard(driverLock);
    return calls[function];
}

/** From now on blocks start, and ready threads run, from the last to the first (1) or from the first to the last (0). */
extern "C" __attribute__((visibility("default"))) void emulation_reverse(int reversed) {
    order = reversed ? emulation::Order::REVERSED : emulation::Order::FORWARD;
}

/**
 * What a machine lacks may be tried: CUDA_EMULATION_INIT is what cuInit returns, _DEVICES how many there are, _CAPABILITY 10 times the major plus the minor, of
 * each device after a comma.
 */
static int setting(const char* name, int usual, int device = 0) {
    const char* wish = getenv(name);
    for (; wish && device && strchr(wish, ','); device--) wish = strchr(wish, ',') + 1;
    return wish ? atoi(wish) : usual;
}

API cuInit(unsigned) {
    int status = setting("CUDA_EMULATION_INIT", SUCCESS);
    initialized = status == SUCCESS;
    return status;
}
API cuDriverGetVersion(int* version) { *version = 12060; return SUCCESS; }
API cuDeviceGetCount(int* count) { *count = setting("CUDA_EMULATION_DEVICES", 1); return initialized ? SUCCESS : NOT_INITIALIZED; }
API cuDeviceGet(int* device, int ordinal) {
    *device = ordinal;
    return ordinal < setting("CUDA_EMULATION_DEVICES", 1) ? SUCCESS : INVALID_DEVICE;
}
API cuDeviceGetName(char* name, int length, int) { snprintf(name, size_t(length), "Emulated device"); return SUCCESS; }
API cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = size_t(8) << 30; return SUCCESS; }
API cuDeviceGetAttribute(int* value, int attribute, int device) {
    switch (attribute) {
        case 1: case 2: case 3: *value = 1024; break;           // threads of a block, its x and y
        case 4: *value = 64; break;                             // its z
        case 5: *value = 0x7fffffff; break;                     // x of a grid
        case 6: case 7: *value = 65535; break;                  // its y and z
        case 8: *value = SHARED_PER_BLOCK; break;
        case 10: *value = 32; break;                            // lanes of a warp
        case 12: *value = 65536; break;                         // registers of a block
        case 16: *value = 2; break;                             // multiprocessors
        case 39: *value = 2048; break;                          // threads of a multiprocessor
        case 41: *value = 1; break;                             // unified addressing
        case 75: *value = setting("CUDA_EMULATION_CAPABILITY", 80, device) / 10; break;
        case 76: *value = setting("CUDA_EMULATION_CAPABILITY", 80, device) % 10; break;
        case 97: *value = SHARED_OPT_IN; break;
        default: *value = 0;
    }
    return SUCCESS;
}

API cuDevicePrimaryCtxRetain(Context** context, int) {
    if (!initialized) return NOT_INITIALIZED;
    primary.users++;
    *context = &primary;
    return SUCCESS;
}
API cuDevicePrimaryCtxRelease_v2(int) {
    std::lock_guard<std::recursive_mutex> guard(driverLock);
    if (!primary.users) return INVALID_CONTEXT;
    if (--primary.users == 0) releaseAll(&primary);
    return SUCCESS;
}
API cuCtxCreate_v2(Context** context, unsigned, int) {
    if (!initialized) return NOT_INITIALIZED;
    stack.push_back(*context = new Context);
    return SUCCESS;
}
API cuCtxDestroy_v2(Context* context) {
    std::lock_guard<std::recursive_mutex> guard(driverLock);
    if (!context || context == &primary) return INVALID_CONTEXT;
    releaseAll(context);
    if (currentContext() == context) stack.pop_back();
    delete context;
    return SUCCESS;
}
API cuCtxSetCurrent(Context* context) {
    if (!stack.empty()) stack.pop_back();
    if (context) stack.push_back(context);
    return SUCCESS;
}
API cuCtxPushCurrent_v2(Context* context) { stack.push_back(context); return SUCCESS; }
API cuCtxPopCurrent_v2(Context** context) {
    if (stack.empty()) return INVALID_CONTEXT;
    *context = stack.back();
    stack.pop_back();
    return SUCCESS;
}
API cuCtxGetCurrent(Context** context) { *context = currentContext(); return SUCCESS; }
API cuCtxGetDevice(int* device) { *device = 0; return currentContext() ? SUCCESS : INVALID_CONTEXT; }
API cuCtxSynchronize() {
    ENTER;
    RETURN_IF_ERROR(refuseDuringCapture());
    RETURN_IF_ERROR(drain(context));
    std::string damaged = damage(0);
    return damaged.empty() ? SUCCESS : fault(ILLEGAL_ADDRESS, damaged);
}

/** A module is a library of kernels compiled for the host. */
API cuModuleLoadData(Module** module, const void* image) {
    ENTER;
    void* library;
    int file;
    RETURN_IF_ERROR(loadLibrary(image, &library, &file));
    *module = new Module{context, library, file, sharedMemoryOf(library), {}};
    return SUCCESS;
}
API cuModuleLoadDataEx(Module** module, const void* image, unsigned, int*, void**) { return cuModuleLoadData(module, image); }
API cuModuleUnload(Module* module) {
    ENTER;
    RETURN_IF_ERROR(drain(context));
    for (auto& [name, function] : module->functions) delete function;
    dlclose(module->library);
    close(module->file);
    delete module;
    return SUCCESS;
}
API cuModuleGetFunction(Function** function, Module* module, const char* name) {
    ENTER;
    if (module->context != context) return INVALID_HANDLE;
    Function*& known = module->functions[name];
    if (!known) {
        auto call = reinterpret_cast<void (*)(void**)>(dlsym(module->library, (std::string("call_") + name).c_str()));
        auto describe = reinterpret_cast<int (*)(unsigned*)>(dlsym(module->library, (std::string("describe_") + name).c_str()));
        if (!call || !describe) {
            module->functions.erase(name);
            return NOT_FOUND;
        }
        std::vector<unsigned> parameters(256);
        parameters.resize(size_t(describe(parameters.data())));
        known = new Function{module, name, call, parameters};
    }
    *function = known;
    return SUCCESS;
}
API cuFuncSetAttribute(Function* function, int attribute, int value) {
    constexpr int MAX_DYNAMIC_SHARED = 8;
    if (attribute == MAX_DYNAMIC_SHARED) {
        if (value > SHARED_OPT_IN) return INVALID_VALUE;
        function->dynamicShared = value;
    }
    return SUCCESS;
}
API cuFuncGetAttribute(int* value, int attribute, Function* function) {
    *value = attribute == 0 ? 1024 : attribute == 8 ? function->dynamicShared : 0;
    return SUCCESS;
}

API cuLaunchKernel(Function* f, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ, unsigned shared,
                   Stream* stream, void** values, void** extra) {
    ENTER;
    count("cuLaunchKernel");
    if (!f || f->module->context != context) return INVALID_HANDLE;
    if (extra) return NOT_SUPPORTED;
    bool grid = gridX && gridY && gridZ && gridX <= 0x7fffffff && gridY <= 65535 && gridZ <= 65535;
    bool block = blockX && blockY && blockZ && blockX <= 1024 && blockY <= 1024 && blockZ <= 64 && size_t(blockX) * blockY * blockZ <= 1024;
    if (!grid || !block || int(shared) > f->dynamicShared) return INVALID_VALUE;
    Call call{f, {gridX, gridY, gridZ}, {blockX, blockY, blockZ}, shared, {}};
    for (size_t i = 0; i < f->parameters.size(); i++) {
        auto* value = static_cast<const char*>(values[i]);
        call.values.emplace_back(value, value + (f->parameters[i] & ~POINTER));
    }
    return emulation_submit(stream, [call]() mutable { return call.run(); });
}

API cuGetErrorName(int status, const char** name) {
    *name = status == SUCCESS ? "CUDA_SUCCESS" : "CUDA_ERROR";
    return SUCCESS;
}
API cuGetErrorString(int status, const char** text) {
    *text = status == SUCCESS ? "no error" : lastFault.c_str();
    return SUCCESS;
}
