# remora_VERSION-1_ARCHITECTURE.deb, by `cpack` in the build folder of the preset `package`.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME remora)
set(CPACK_PACKAGE_VENDOR "The Remora authors")
set(CPACK_PACKAGE_CONTACT "The Remora authors <remora@example.org>" CACHE STRING "Who maintains the package")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "tells who remotely controlled which machine, from the network")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"A sensor for a network tap. It understands Windows Remote Desktop (RDP) and
Remote Assistance and writes events for a security team: who connected from
where to where, who asked for help, who let whom in, who took control, which
files moved, how long it lasted and how it ended.

Events go to files, an OpenTelemetry collector, Kafka, syslog, or a local
store that can be asked.")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_STRIP_FILES ON)

# Libraries as the program is linked; and what the maintainer scripts call.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
  "systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles, init-system-helpers (>= 1.51), passwd")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, logrotate")

set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${CMAKE_CURRENT_LIST_DIR}/conffiles;${CMAKE_CURRENT_LIST_DIR}/postinst;${CMAKE_CURRENT_LIST_DIR}/prerm;${CMAKE_CURRENT_LIST_DIR}/postrm")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# Folders are made as policy 10.9 wants them, whatever the umask of who builds.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(REMORA_DEB_VERSION "${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}")
string(TIMESTAMP REMORA_DEB_DATE "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH, where that is set
configure_file("${CMAKE_CURRENT_LIST_DIR}/changelog.in" changelog.debian @ONLY)
install_compressed("${CMAKE_CURRENT_BINARY_DIR}/changelog.debian" changelog.Debian "${doc}")
install(FILES "${CMAKE_CURRENT_LIST_DIR}/copyright" DESTINATION "${doc}")

include(CPack)
