# How llama.cpp is compiled here: its server alone, for any x86-64 or arm64 machine of the last ten years.
# CMake reads this right after the `project()` line of llama.cpp (CMAKE_PROJECT_llama.cpp_INCLUDE).

set(CMAKE_BUILD_TYPE Release)
# What surrounds the arithmetic compiles in half the time at -O1.
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELEASE "-O1 -DNDEBUG")

foreach(unwanted
    BUILD_SHARED_LIBS GGML_NATIVE GGML_OPENMP GGML_LLAMAFILE GGML_CPU_REPACK LLAMA_ALL_WARNINGS LLAMA_BUILD_APP
    LLAMA_BUILD_EXAMPLES LLAMA_BUILD_TESTS LLAMA_BUILD_UI LLAMA_OPENSSL LLAMA_USE_PREBUILT_UI)
  set(${unwanted} OFF CACHE BOOL "")
endforeach()

# Only -O3 unrolls the loop over the sums of a dot product, which stay in registers then: without it a request costs 1.7 times as much.
function(optimize_arithmetic)
  foreach(target ggml-base ggml-cpu)
    target_compile_options(${target} PRIVATE -O3)
  endforeach()
endfunction()
cmake_language(DEFER CALL optimize_arithmetic)

# Many small files include the same large headers: compiled in one go they take a quarter of the time.
function(compile_small_files_together)
  foreach(target mtmd llama-common)
    get_target_property(directory ${target} SOURCE_DIR)
    get_target_property(others ${target} SOURCES)
    list(FILTER others EXCLUDE REGEX "^(models|parsers)/")
    list(TRANSFORM others PREPEND "${directory}/")
    set_source_files_properties(${others} TARGET_DIRECTORY ${target} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 64)
  endforeach()
endfunction()
cmake_language(DEFER CALL compile_small_files_together)
