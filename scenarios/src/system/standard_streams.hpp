/// Standard input, output and error, which may be closed or have no room.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>

namespace tardigrad {

/// Opens /dev/null in place of closed streams, so that no other file ever gets their descriptors; from now on a
/// reader that goes away does not end this process. To be called before anything else is opened. False on
/// failure, with errno set.
bool secure_standard_streams();

/// Prints results. `standard_output_problem` reports failures later: the work in progress continues.
void print_result(std::string_view text);
template <class... Arguments>
void print_result(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  print_result(std::string_view(fmt::format(format, std::forward<Arguments>(arguments)...)));
}

/// Flushes printed results.
void flush_results();

/// Prints on a stream for people, at once. Failures are ignored.
void say_on(std::FILE* stream, std::string_view text);
/// Prints one line on standard error.
void say(std::string_view line);

/// The reason why not all results could be printed; one line, empty on success. A reader that closes early, as
/// `head` does, is no problem.
std::string standard_output_problem();

}  // namespace tardigrad
