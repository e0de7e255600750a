# The daemon's life and its privileges. Each has a network of its own and mostly waits: they run beside others, and
# early, so that no processor is left with one of them at the end.
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
foreach(name IN ITEMS daemon_life_test daemon_reload_test daemon_interfaces_test daemon_bad_start_test privilege_test growing_keylog_test privacy_live_test)
  add_test(NAME ${name}
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_LIST_DIR}/${name}.py $<TARGET_FILE:remora> ${PROJECT_SOURCE_DIR})
  # Exit code of a test that needs root, or a program that is not on this machine.
  set_tests_properties(${name} PROPERTIES TIMEOUT 600 LABELS live SKIP_RETURN_CODE 77 COST 250)
endforeach()
