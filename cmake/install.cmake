# `cmake --install` and CPack: the program, the shipped suites, the schema, the man page, the documents.
include(GNUInstallDirs)
install(TARGETS nettest RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY suites/ DESTINATION ${CMAKE_INSTALL_DATADIR}/nettest/suites FILES_MATCHING PATTERN "*.yaml" PATTERN "*.json")
install(FILES docs/nettest.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES README.md CHANGELOG.md LICENSE docs/suite-format.md docs/ci.md docs/local-engine.md docs/kubernetes-engine.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})

install(FILES deploy/rbac.yaml deploy/job.yaml DESTINATION ${CMAKE_INSTALL_DATADIR}/nettest/deploy)
install(PROGRAMS deploy/run-in-cluster DESTINATION ${CMAKE_INSTALL_DATADIR}/nettest)
install(PROGRAMS deploy/kubectl-nettest DESTINATION ${CMAKE_INSTALL_BINDIR})

set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME nettest)
set(CPACK_PACKAGE_VENDOR "nettest")
set(CPACK_PACKAGE_CONTACT "The nettest authors <nettest@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "active connectivity probing for Kubernetes NetworkPolicy")
set(CPACK_PACKAGE_DESCRIPTION "nettest deploys pods, applies network policies step by step, sends real traffic
between every pair of pods, and compares what got through with what the
Kubernetes documentation predicts. Its local engine needs no cluster.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_FILE_NAME nettest-${PROJECT_VERSION}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The local engine runs dnsmasq as the cluster's DNS, and wget as the suites ask for it.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "dnsmasq-base, wget")
include(CPack)
