// On Windows an addon is linked against node.exe by that name. In a program that is called otherwise, or that has Node
// in a library, the functions are there all the same: the loader asks here for the module, and gets that of the
// process.
#ifdef _MSC_VER

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include <delayimp.h>
#include <cstring>

namespace {

FARPROC WINAPI moduleOfNode(unsigned int event, DelayLoadInfo * info) {
    if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
    HMODULE library = GetModuleHandleA("node.dll");
    return reinterpret_cast<FARPROC>(library != nullptr ? library : GetModuleHandleA(nullptr));
}

}  // namespace

decltype(__pfnDliNotifyHook2) __pfnDliNotifyHook2 = moduleOfNode;

#endif
