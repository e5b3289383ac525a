# Writes the commit that is checked out in SOURCE into the header OUTPUT, which is touched only where it changes:
#
#   cmake -DSOURCE= -DOUTPUT= -P commit.cmake
set(commit "unknown")
find_program(GIT git)
if(GIT)
  # Without --git-dir a source tree that lies in somebody else's checkout would be told that one's commit.
  execute_process(COMMAND "${GIT}" --git-dir=.git --work-tree=. describe --always --dirty --exclude=* --abbrev=10
                  WORKING_DIRECTORY "${SOURCE}" OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE
                  ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(commit "${described}")
  endif()
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "#define TARDIGRAD_COMMIT \"${commit}\"\n")
