# cmake -D npm=NPM -D source=WEB -D folder=FOLDER -P install_packages.cmake: `npm ci` with the
# developer packages, again only when the lock has changed.
file(SHA256 ${source}/package-lock.json wanted)
set(stamp ${folder}/installed)
if(EXISTS ${stamp})
  file(READ ${stamp} have)
endif()
if("${have}" STREQUAL "${wanted}")
  return()
endif()
file(MAKE_DIRECTORY ${folder})
file(COPY ${source}/package.json ${source}/package-lock.json ${source}/.npmrc DESTINATION ${folder})
execute_process(COMMAND ${npm} ci --prefix ${folder} --loglevel=error COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${stamp} ${wanted})
