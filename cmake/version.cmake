# cmake -D NETTEST_VERSION=… -D SOURCE_DIR=… -D OUTPUT=… -P version.cmake
# Writes base/version.cpp with what git says of the checkout; outside of one, the version alone.
set(NETTEST_VERSION_DESCRIPTION "${NETTEST_VERSION}")
execute_process(COMMAND git "--git-dir=${SOURCE_DIR}/.git" describe --always --abbrev=12 --exclude=*
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(NOT failed)
  string(APPEND NETTEST_VERSION_DESCRIPTION " (git ${commit})")
endif()
configure_file("${SOURCE_DIR}/base/version.cpp.in" "${OUTPUT}" @ONLY)
