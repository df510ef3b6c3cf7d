# What a build for Vulkan needs, told before minutes of compiling: all that is missing at once, and what installs it. The
# finders are those that ggml asks.
set(VULKAN_MISSING "")
if(DEFINED ENV{VULKAN_SDK})
  list(APPEND CMAKE_PREFIX_PATH "$ENV{VULKAN_SDK}")
endif()
find_package(Vulkan QUIET COMPONENTS glslc)
find_package(SPIRV-Headers CONFIG QUIET)
if(NOT Vulkan_INCLUDE_DIR OR NOT EXISTS "${Vulkan_INCLUDE_DIR}/vulkan/vulkan.hpp")
  list(APPEND VULKAN_MISSING "the headers (vulkan/vulkan.hpp)")
endif()
if(NOT Vulkan_LIBRARY)
  list(APPEND VULKAN_MISSING "the loader's library (libvulkan)")
endif()
set(VULKAN_GLSLC_WORKS -1)
if(Vulkan_GLSLC_EXECUTABLE)
  execute_process(COMMAND "${Vulkan_GLSLC_EXECUTABLE}" --version OUTPUT_QUIET ERROR_QUIET RESULT_VARIABLE VULKAN_GLSLC_WORKS)
endif()
if(NOT VULKAN_GLSLC_WORKS EQUAL 0)
  list(APPEND VULKAN_MISSING "the shader compiler (glslc)")
endif()
if(NOT SPIRV-Headers_FOUND)
  list(APPEND VULKAN_MISSING "SPIR-V's headers (SPIRV-Headers)")
endif()
if(VULKAN_MISSING)
  string(REPLACE ";" ", " VULKAN_MISSING "${VULKAN_MISSING}")
  message(FATAL_ERROR "Missing to compile for Vulkan: ${VULKAN_MISSING}. Install with
  apt-get install libvulkan-dev glslc spirv-headers
or the Vulkan SDK, and set VULKAN_SDK to its folder; then run the same command again.")
endif()
# ggml leaves these kernels out where glslc does not know the extension: slower prompts, no failure
set(VULKAN_SHADER "${LLAMA_DIR}/ggml/src/ggml-vulkan/vulkan-shaders/feature-tests/coopmat.comp")
execute_process(
  COMMAND "${Vulkan_GLSLC_EXECUTABLE}" -o - -fshader-stage=compute --target-env=vulkan1.3 "${VULKAN_SHADER}"
  OUTPUT_QUIET ERROR_VARIABLE VULKAN_GLSLC_SAYS)
if(VULKAN_GLSLC_SAYS MATCHES "extension not supported: GL_KHR_cooperative_matrix")
  message(STATUS "This glslc is too old for cooperative matrices, with which prompts are read faster: a newer one has them")
endif()
