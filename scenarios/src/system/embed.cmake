# Puts files into a target as functions of namespace tardigrad::embedded that give their bytes:
#
#   tardigrad_embed(TARGET NAME FILE [NAME FILE]...)
#
# Run as a script (cmake -P), it writes one such function: -DNAME= -DFILE= -DOUTPUT=.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${FILE}" hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  file(WRITE "${OUTPUT}" "// Generated from ${FILE}.
#include \"scenarios/src/system/embedded_files.hpp\"

namespace {
const unsigned char bytes[] = {
${bytes}};
}  // namespace

std::string_view tardigrad::embedded::${NAME}() { return {reinterpret_cast<const char*>(bytes), sizeof bytes}; }
")
  return()
endif()

set(TARDIGRAD_EMBED_SCRIPT "${CMAKE_CURRENT_LIST_FILE}")

function(tardigrad_embed target)
  while(ARGN)
    list(POP_FRONT ARGN name file)
    set(output "${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp")
    add_custom_command(
      OUTPUT "${output}"
      COMMAND "${CMAKE_COMMAND}" "-DNAME=${name}" "-DFILE=${file}" "-DOUTPUT=${output}" -P "${TARDIGRAD_EMBED_SCRIPT}"
      DEPENDS "${file}" "${TARDIGRAD_EMBED_SCRIPT}"
      COMMENT "Embedding ${file}"
      VERBATIM)
    target_sources(${target} PRIVATE "${output}")
  endwhile()
endfunction()

# Chart.js draws the report's diagrams; it is built in so that a report opens without a network.
find_file(CHART_JS_FILE NAMES chart.min.js Chart.min.js
          PATH_SUFFIXES share/javascript/chart.js javascript/chart.js
          PATHS /usr/share/javascript/chart.js
          DOC "Chart.js 3, minified, to be built into the report")
if(NOT CHART_JS_FILE)
  message(FATAL_ERROR "chart.min.js not found: install Debian's libjs-chart.js, or set CHART_JS_FILE to Chart.js 3.x")
endif()
