#include "backends/shared_library.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <dlfcn.h>
#endif

namespace corrsynth {

#ifdef _WIN32

SharedLibrary::SharedLibrary(const std::string & path, std::string & message) : handle_(LoadLibraryA(path.c_str())) {
    if (!handle_) message = path + ": Windows error " + std::to_string(GetLastError());
}

void * SharedLibrary::address(const char * name) const {
    return handle_ ? reinterpret_cast<void *>(GetProcAddress(static_cast<HMODULE>(handle_), name)) : nullptr;
}

#else

SharedLibrary::SharedLibrary(const std::string & path, std::string & message)
    : handle_(dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (!handle_) message = dlerror();
}

void * SharedLibrary::address(const char * name) const { return handle_ ? dlsym(handle_, name) : nullptr; }

#endif

}  // namespace corrsynth
