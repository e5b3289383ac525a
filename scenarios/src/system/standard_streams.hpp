/// Standard input, output and error as they were handed to us: open or not, with room for what is printed or not.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace tardigrad {

/// Opens /dev/null in place of those that are closed, so that no other file ever gets their descriptors; a reader that
/// goes away ends nobody from now on. To be called before anything else is opened. False: errno says why not.
bool secure_standard_streams();

/// Prints results. What cannot be printed is noted for `standard_output_problem`: whatever was at work goes on.
void print_result(std::string_view text);
template <class... Arguments>
void print_result(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  print_result(std::string_view(fmt::format(format, std::forward<Arguments>(arguments)...)));
}

/// What has been printed is to be seen now, not only when it is worth writing.
void flush_results();

/// Says something on a stream that people look at, at once. Where that has no room or no reader, nothing comes of it.
void say_on(std::FILE* stream, std::string_view text);
/// The same for one line on standard error.
void say(std::string_view line);

/// Why not all results are where they were printed to; one line, empty if they are. A reader that has seen enough and
/// gone, as `head` does, is no problem.
std::string standard_output_problem();

}  // namespace tardigrad
