#include "engine/file_guard.h"

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#include <csignal>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <sstream>

#include "llama.h"
#endif

namespace corrsynth {

#ifdef __linux__
namespace {

// A handler may wait for nothing and allocate nothing: it reads this table, whose places are taken under a lock.
struct Mapping {
    std::atomic<uintptr_t> begin{0}, end{0};  // end 0: a free place
    std::atomic<bool> was_lost{false};
};
std::array<Mapping, 1024> mappings;
std::mutex table_lock;
struct sigaction handler_of_before;
const uintptr_t page = sysconf(_SC_PAGESIZE);

// A file ends somewhere below the address: from there to the end of the mapping there is nothing to be read.
bool put_zeros(uintptr_t address) {
    uintptr_t end = 0;
    for (Mapping & mapping : mappings) {  // a file that two models share has a place of each
        const uintptr_t mapping_end = mapping.end.load(std::memory_order_acquire);
        if (address < mapping.begin.load(std::memory_order_relaxed) || address >= mapping_end) continue;
        mapping.was_lost.store(true);
        end = mapping_end;
    }
    if (end == 0) return false;
    const uintptr_t from = address / page * page;
    return mmap(reinterpret_cast<void *>(from), end - from, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                0) != MAP_FAILED;
}

void on_bus_error(int signal, siginfo_t * info, void * context) {
    const int error = errno;
    const bool is_ours = info->si_code == BUS_ADRERR && put_zeros(reinterpret_cast<uintptr_t>(info->si_addr));
    errno = error;
    if (is_ours) return;
    if (handler_of_before.sa_flags & SA_SIGINFO) return handler_of_before.sa_sigaction(signal, info, context);
    sigaction(SIGBUS, &handler_of_before, nullptr);  // what was read is read again, and ends as it would have
}

void install() {
    struct sigaction ours = {};
    ours.sa_sigaction = on_bus_error;
    ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&ours.sa_mask);
    sigaction(SIGBUS, &ours, &handler_of_before);
}

std::vector<std::string> parts_of(const std::string & path) {
    int n = 1;
    const size_t of = path.rfind("-of-");
    if (of != std::string::npos) n = std::clamp(std::atoi(path.c_str() + of + 4), 1, 99999);
    std::array<char, PATH_MAX> prefix{}, part{};
    if (!llama_split_prefix(prefix.data(), prefix.size(), path.c_str(), 0, n)) return {path};
    std::vector<std::string> parts;
    for (int i = 0; i < n && llama_split_path(part.data(), part.size(), prefix.data(), i, n); ++i)
        parts.emplace_back(part.data());
    return parts;
}

}  // namespace

FileGuard::FileGuard(const std::string & path) {
    static std::once_flag once;
    std::call_once(once, install);
    for (const std::string & part : parts_of(path)) {
        if (char * real = realpath(part.c_str(), nullptr)) {
            paths_.emplace_back(real);
            std::free(real);
        }
    }
}

void FileGuard::look() {
    const std::lock_guard<std::mutex> hold(table_lock);
    forget();
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {  // begin-end rights offset device inode   path
        const size_t slash = line.find('/');
        if (slash == std::string::npos) continue;
        if (std::find(paths_.begin(), paths_.end(), line.substr(slash)) == paths_.end()) continue;
        uintptr_t begin = 0, end = 0;
        char dash = 0;
        std::istringstream(line) >> std::hex >> begin >> dash >> end;
        const auto place = std::find_if(mappings.begin(), mappings.end(), [](const Mapping & m) { return m.end == 0; });
        if (place == mappings.end()) return;
        place->was_lost = false;
        place->begin = begin;
        place->end.store(end, std::memory_order_release);
        places_.push_back(static_cast<int>(place - mappings.begin()));
    }
}

void FileGuard::forget() {
    for (const int place : places_) {
        was_lost_ = was_lost_ || mappings[place].was_lost;
        mappings[place].end = 0;
    }
    places_.clear();
}

FileGuard::~FileGuard() {
    const std::lock_guard<std::mutex> hold(table_lock);
    forget();
}

bool FileGuard::was_lost() const {
    const auto is_lost = [](int place) { return mappings[place].was_lost.load(std::memory_order_relaxed); };
    return was_lost_ || std::any_of(places_.begin(), places_.end(), is_lost);
}
#else
FileGuard::FileGuard(const std::string &) {}
FileGuard::~FileGuard() = default;
void FileGuard::look() {}
void FileGuard::forget() {}
bool FileGuard::was_lost() const { return false; }
#endif

}  // namespace corrsynth
