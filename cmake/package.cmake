# The Debian package: what is installed where, and what CPack writes about it. `./dev package` makes
# it from the release build and the built web pages; packaging/try.sh proves it on a bare system.
set(packaging ${PROJECT_SOURCE_DIR}/packaging)
install(TARGETS harrier RUNTIME DESTINATION bin)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/web/dist/ DESTINATION share/harrier/web)
install(DIRECTORY ${PROJECT_BINARY_DIR}/prompts/ DESTINATION share/harrier/prompts)
install(FILES ${packaging}/harrier.service DESTINATION /lib/systemd/system)
install(FILES ${packaging}/sysusers.conf DESTINATION lib/sysusers.d RENAME harrier.conf)
install(FILES ${packaging}/sysctl.conf DESTINATION lib/sysctl.d RENAME 60-harrier.conf)
install(FILES ${packaging}/etc/harrier.yaml ${packaging}/etc/office.yaml DESTINATION /etc/harrier
  PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ)
install(FILES ${packaging}/fail2ban/filter.d/harrier.conf DESTINATION /etc/fail2ban/filter.d)
install(FILES ${packaging}/fail2ban/jail.d/harrier.conf DESTINATION share/doc/harrier/examples
  RENAME fail2ban-jail.conf)
install(FILES ${PROJECT_SOURCE_DIR}/examples/office.yaml ${PROJECT_SOURCE_DIR}/examples/harrier.yaml
  DESTINATION share/doc/harrier/examples)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  ${PROJECT_SOURCE_DIR}/docs/admin.md ${PROJECT_SOURCE_DIR}/docs/credits.md
  DESTINATION share/doc/harrier)
install(FILES ${packaging}/debian/copyright DESTINATION share/doc/harrier)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME harrier)
set(CPACK_PACKAGE_CONTACT "The Harrier authors <harrier@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "hunt groups for SIP telephony")
set(CPACK_PACKAGE_DESCRIPTION "Phones register, a caller dials a group, Harrier rings its members
in the way that the office wants and joins the caller with who answers.
Queues, menus, mailboxes and a web panel are inside.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION comm)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
  "systemd | systemd-standalone-sysusers, init-system-helpers, tzdata, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
  "asterisk-core-sounds-en-wav, asterisk-core-sounds-es-wav, asterisk-moh-opsound-wav")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "fail2ban")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/package)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
  GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${packaging}/debian/conffiles ${packaging}/debian/postinst
  ${packaging}/debian/prerm ${packaging}/debian/postrm)
include(CPack)
