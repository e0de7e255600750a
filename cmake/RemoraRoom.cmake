# One folder, one library, its permitted neighbours in the open.
#
#   remora_room(rdp
#     SOURCES tpkt.cc x224.cc
#     USES    base observation conversation     # other rooms
#     LINKS   OpenSSL::Crypto)                  # libraries
#
# remora_test(cursor_test SOURCES cursor_test.cc USES base) makes one GoogleTest program.

add_library(remora_options INTERFACE)
target_include_directories(remora_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(remora_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wcast-align
  -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<BOOL:${REMORA_WERROR}>:-Werror>)

function(remora_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;LINKS" ${ARGN})
  set(target "remora_${name}")
  if(ROOM_SOURCES)
    add_library(${target} STATIC ${ROOM_SOURCES})
    set(visibility PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(visibility INTERFACE)
  endif()
  list(TRANSFORM ROOM_USES PREPEND "remora_")
  target_link_libraries(${target} ${visibility} remora_options ${ROOM_USES} ${ROOM_LINKS})
endfunction()

# GoogleTest's headers and the standard ones that most tests include, read once for all of them.
function(remora_precompile_tests)
  add_library(remora_tests_precompiled OBJECT "${PROJECT_SOURCE_DIR}/tests/support/precompiled.cc")
  target_link_libraries(remora_tests_precompiled PRIVATE remora_options GTest::gtest GTest::gmock)
  set_target_properties(remora_tests_precompiled PROPERTIES POSITION_INDEPENDENT_CODE OFF COMPILE_OPTIONS -fPIE)
  target_precompile_headers(remora_tests_precompiled PRIVATE
    <algorithm> <array> <chrono> <filesystem> <fstream> <map> <memory> <optional> <span> <string> <string_view>
    <variant> <vector> <gmock/gmock.h> <gtest/gtest.h>)
endfunction()

function(remora_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;USES;LINKS" ${ARGN})
  list(TRANSFORM TEST_USES PREPEND "remora_")
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_USES} ${TEST_LINKS} GTest::gtest GTest::gmock
                                        GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM remora_tests_precompiled)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
