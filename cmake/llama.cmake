# llama.cpp: where its source comes from, and how it is configured. Defines the targets llama and ggml.

# ---- source: own checkout, else the pinned archive, else (asked for) a download by commit id -------------------
file(READ "${CMAKE_SOURCE_DIR}/deps/llama.json" PIN)
string(JSON LLAMA_COMMIT GET "${PIN}" commit)
set(LLAMA_DIR "${CORRSYNTH_LLAMA_DIR}")
if(NOT LLAMA_DIR)
  set(ARCHIVE "${CMAKE_SOURCE_DIR}/deps/llama.cpp.tar.xz")
  if(EXISTS "${ARCHIVE}")
    # made by scripts/llama-source.mjs from the pinned commit, its hash written beside it
    file(SHA256 "${ARCHIVE}" ACTUAL)
    file(READ "${ARCHIVE}.sha256" WANT)
    string(STRIP "${WANT}" WANT)
    if(NOT ACTUAL STREQUAL WANT)
      message(FATAL_ERROR "deps/llama.cpp.tar.xz: sha256 ${ACTUAL}, expected ${WANT}. Delete deps/llama.cpp.tar.xz* and run: node scripts/llama-source.mjs")
    endif()
    # one copy for all build trees, so that a compiler cache finds its objects again in each of them
    set(LLAMA_PARENT "${CMAKE_SOURCE_DIR}/.cmake")
    set(LLAMA_DIR "${LLAMA_PARENT}/llama.cpp")
    file(MAKE_DIRECTORY "${LLAMA_PARENT}")
    file(LOCK "${LLAMA_PARENT}/llama.lock")
    if(NOT EXISTS "${LLAMA_DIR}/.sha256-${ACTUAL}")
      file(REMOVE_RECURSE "${LLAMA_DIR}")
      file(ARCHIVE_EXTRACT INPUT "${ARCHIVE}" DESTINATION "${LLAMA_PARENT}")
      file(TOUCH "${LLAMA_DIR}/.sha256-${ACTUAL}")
    endif()
    include(cmake/llama-changes.cmake)
    file(LOCK "${LLAMA_PARENT}/llama.lock" RELEASE)
  elseif(CORRSYNTH_FETCH)
    # by commit id, which git verifies (GitHub's generated .tar.gz files are not promised to keep their bytes)
    string(JSON LLAMA_GIT GET "${PIN}" git)
    include(FetchContent)
    FetchContent_Populate(llama_src GIT_REPOSITORY "${LLAMA_GIT}" GIT_TAG "${LLAMA_COMMIT}"
      SOURCE_DIR "${CMAKE_BINARY_DIR}/llama-git" SUBBUILD_DIR "${CMAKE_BINARY_DIR}/llama-git-sub")
    set(LLAMA_DIR "${llama_src_SOURCE_DIR}")
  else()
    message(FATAL_ERROR "no llama.cpp source: run `node scripts/llama-source.mjs`, or set CORRSYNTH_LLAMA_DIR, or -DCORRSYNTH_FETCH=ON")
  endif()
endif()
if(NOT EXISTS "${LLAMA_DIR}/vendor/CMakeLists.txt")
  file(WRITE "${LLAMA_DIR}/vendor/CMakeLists.txt" "# left out of the trimmed source: only llama-common and mtmd use it\n")
endif()
message(STATUS "llama.cpp: ${LLAMA_DIR} (pinned commit ${LLAMA_COMMIT})")

if(GGML_VULKAN)
  include(cmake/vulkan-needs.cmake)
endif()

# ---- options --------------------------------------------------------------------------------------------------
foreach(opt COMMON TESTS TOOLS EXAMPLES SERVER APP)
  set(LLAMA_BUILD_${opt} OFF CACHE BOOL "" FORCE)
endforeach()
set(LLAMA_ALL_WARNINGS OFF CACHE BOOL "" FORCE)
set(LLAMA_BUILD_IS_DEV OFF CACHE BOOL "" FORCE)
set(GGML_OPENMP OFF CACHE BOOL "no libgomp.so.1 needed on the user's machine")
# llama.cpp's top-level CMakeLists flips these two defaults; adding ggml on its own (portable) loses them
set(GGML_LLAMAFILE ON CACHE BOOL "tinyBLAS matrix kernels")
if(CORRSYNTH_SANITIZE MATCHES "thread")
  set(GGML_LLAMAFILE OFF CACHE BOOL "" FORCE) # see the end of this file
endif()
set(GGML_RPC ON CACHE BOOL "devices of other machines; in the tests, one that the host cannot read" FORCE)
set(GGML_CUDA_GRAPHS ON CACHE BOOL "")
set(GGML_METAL_EMBED_LIBRARY ON CACHE BOOL "no shader file beside the addon")
set(GGML_BUILD_NUMBER 0)
set(GGML_BUILD_COMMIT "${LLAMA_COMMIT}")
set(BUILD_NUMBER 0)
set(BUILD_COMMIT "${LLAMA_COMMIT}")

set(OUT "${CMAKE_BINARY_DIR}/out")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${OUT}")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${OUT}")
if(APPLE)
  set(ORIGIN "@loader_path")
else()
  set(ORIGIN "$ORIGIN")
endif()
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
set(CMAKE_INSTALL_RPATH "${ORIGIN}")

# plain file names (libggml-base.so, not .so.0 -> .so.0.25.1): npm tarballs carry no symlinks, and
# prebuildify copies only *.so / *.so.N / *.dylib / *.dll
set(CMAKE_PLATFORM_NO_VERSIONED_SONAME ON)

if(CORRSYNTH_PORTABLE)
  set(GGML_NATIVE OFF CACHE BOOL "" FORCE)
  set(GGML_BACKEND_DL ON CACHE BOOL "" FORCE)
  set(GGML_CPU_ALL_VARIANTS "${CORRSYNTH_CPU_VARIANTS}" CACHE BOOL "" FORCE)
  # ggml shared (backends link to it), llama itself static inside the .node
  set(BUILD_SHARED_LIBS ON)
  add_subdirectory("${LLAMA_DIR}/ggml" ggml)
  # own SONAMEs: glibc shares libraries by SONAME within a process, so a second llama.cpp binding
  # that ships a libggml-base.so would otherwise be handed ours, or we theirs
  set_target_properties(ggml-base PROPERTIES OUTPUT_NAME corrsynth-ggml-base)
  set_target_properties(ggml PROPERTIES OUTPUT_NAME corrsynth-ggml)
endif()
set(BUILD_SHARED_LIBS OFF)
add_subdirectory("${LLAMA_DIR}" llama EXCLUDE_FROM_ALL)
# a file for each of 150 architectures, most of it the same headers: read once for sixteen of them. Not by MSVC, which
# counts the sections of an object
if(NOT MSVC)
  file(GLOB LLAMA_ARCHITECTURES "${LLAMA_DIR}/src/models/*.cpp")
  set(NUMBER 0)
  foreach(SOURCE IN LISTS LLAMA_ARCHITECTURES)
    math(EXPR GROUP "${NUMBER} / 16")
    math(EXPR NUMBER "${NUMBER} + 1")
    set_source_files_properties("${SOURCE}" TARGET_DIRECTORY llama PROPERTIES UNITY_GROUP "architectures-${GROUP}")
  endforeach()
  set_target_properties(llama PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endif()
if(CORRSYNTH_SANITIZE MATCHES "thread")
  # sums of products, which share nothing: eight times as slow where each load of them is watched. What takes their
  # results is watched
  file(GLOB LLAMA_PRODUCTS "${LLAMA_DIR}/ggml/src/ggml-cpu/quants.c" "${LLAMA_DIR}/ggml/src/ggml-cpu/vec.cpp"
       "${LLAMA_DIR}/ggml/src/ggml-cpu/arch/*/quants.c")
  set_source_files_properties(${LLAMA_PRODUCTS} TARGET_DIRECTORY ggml-cpu
                              PROPERTIES COMPILE_OPTIONS "-fno-sanitize=thread;-O2")
endif()
if(CORRSYNTH_SANITIZE MATCHES "undefined" AND TARGET ggml-rpc)
  # its messages are packed structs that are read where they lie, aligned or not
  target_compile_options(ggml-rpc PRIVATE -fno-sanitize=alignment)
endif()
