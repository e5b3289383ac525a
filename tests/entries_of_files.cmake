# Writes FILE, which ctest includes: an entry for each source file of the test program PROGRAM that has test cases
# outside of the suites "slow" and "optional", whose cases have entries of their own. Each is ended after TIMEOUT seconds.
execute_process(COMMAND ${PROGRAM} --list-test-cases --reporters=xml --test-suite-exclude=slow,optional
                OUTPUT_VARIABLE cases COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "filename=\"[^\"]*\"" files "${cases}")
list(REMOVE_DUPLICATES files)
set(entries "")
foreach(file IN LISTS files)
  string(REGEX REPLACE ".*tests/([^\"]*)\"" "\\1" file "${file}")
  string(APPEND entries
         "add_test(\"${file}\" \"${PROGRAM}\" \"--source-file=*tests/${file}\" --test-suite-exclude=slow,optional)\n"
         "set_tests_properties(\"${file}\" PROPERTIES TIMEOUT ${TIMEOUT} FAIL_REGULAR_EXPRESSION \"test cases: +0 \")\n")
endforeach()
file(WRITE ${FILE} "${entries}")
