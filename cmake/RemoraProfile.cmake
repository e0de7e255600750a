# Optimisation by a profile: scripts/profile builds with "record", lets the program replay captures, and prints the
# folder of what was counted; a build with that folder is laid out by it. Needs GCC.

set(REMORA_PROFILE "" CACHE STRING "Empty, record, or the folder that scripts/profile prints")

if(REMORA_PROFILE AND NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  message(FATAL_ERROR "REMORA_PROFILE needs GCC, and the compiler is ${CMAKE_CXX_COMPILER_ID}: leave it empty")
endif()

if(REMORA_PROFILE AND NOT REMORA_PROFILE STREQUAL "record" AND NOT IS_DIRECTORY "${REMORA_PROFILE}")
  message(FATAL_ERROR "REMORA_PROFILE: there is no folder ${REMORA_PROFILE}; run scripts/profile, or leave it empty")
endif()

# For this folder and those below it: where packets are taken apart and read, which is where the time goes.
macro(remora_profiled)
  if(REMORA_PROFILE STREQUAL "record")
    # Workers count too.
    add_compile_options(-fprofile-generate=${PROJECT_BINARY_DIR}/profile -fprofile-update=atomic
                        -fprofile-prefix-path=${PROJECT_BINARY_DIR})
  elseif(REMORA_PROFILE)
    # What the captures do not reach is optimised as it is without a profile.
    add_compile_options(-fprofile-use=${REMORA_PROFILE} -fprofile-prefix-path=${PROJECT_BINARY_DIR}
                        -fprofile-partial-training -Wno-missing-profile)
  endif()
endmacro()

# For the program that counts.
if(REMORA_PROFILE STREQUAL "record")
  add_link_options(-fprofile-generate)
endif()
