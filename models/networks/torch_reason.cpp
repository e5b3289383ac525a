#include "models/networks/torch_reason.hpp"

#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <torch/version.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "models/printable.hpp"
#include "netem/base/text_parts.hpp"

namespace tardigrad {
namespace {

constexpr std::size_t kLongestReason = 300;
constexpr std::string_view kUnknownOperator = "Unknown builtin op: ";
/// The interpreter's mark of the place in the code.
constexpr std::string_view kPlace = "<--- HERE";

/// The lines that carry information.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = trimmed(text.substr(begin, end - begin));
    if (!line.empty() && line != ":") lines.push_back(line);
    begin = end + 1;
  }
  return lines;
}

/// "aten::relu(Tensor self) -> Tensor:" is a variant of an operator, and its mismatch follows.
bool is_variant(std::string_view line) { return contains(line, "::") && contains(line, ") -> ") && line.back() == ':'; }

std::string_view without_decoration(std::string_view line) {
  const std::size_t enforced = line.find("] . ");
  if (begins_with(line, "[enforce fail at ") && enforced != std::string_view::npos) line.remove_prefix(enforced + 4);
  if (begins_with(line, "RuntimeError: ")) line.remove_prefix(std::string_view("RuntimeError: ").size());
  while (!line.empty() && (line.back() == ':' || line.back() == '.')) line.remove_suffix(1);
  return line;
}

/// "RuntimeError: ...", "builtins.ValueError: ...".
bool names_an_error(std::string_view line) {
  const std::string_view word = line.substr(0, line.find_first_of(": "));
  return word.size() < line.size() && line[word.size()] == ':' &&
         (ends_with(word, "Error") || ends_with(word, "Exception"));
}

std::string reason_in(const std::vector<std::string_view>& lines) {
  // A failure in the interpreter: places come first, each with the code around it.
  if (begins_with(lines[0], "The following operation failed")) {
    std::size_t from = lines.size() - 1;
    while (from > 0 && !ends_with(lines[from], kPlace)) --from;
    const auto found = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(from), lines.end(), names_an_error);
    return std::string(without_decoration(found == lines.end() ? lines.back() : *found));
  }
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (!is_variant(lines[i])) continue;
    return fmt::format("{}: {}", lines[i].substr(0, lines[i].find('(')), without_decoration(lines[i + 1]));
  }
  return std::string(without_decoration(lines[0]));
}

std::string text_of(const std::exception& problem) {
  const auto* own = dynamic_cast<const c10::Error*>(&problem);
  return own ? own->what_without_backtrace() : problem.what();
}

/// The reason without abridgement.
std::string whole_reason(const std::string& text) {
  const std::vector<std::string_view> lines = lines_of(text);
  const std::string reason = lines.empty() ? "" : reason_in(lines);
  return reason.empty() ? "LibTorch gives no reason" : reason;
}

}  // namespace

std::string torch_reason(const std::exception& problem) {
  return printable(whole_reason(text_of(problem)), kLongestReason);
}

std::string reason_not_to_open(const std::exception& problem) {
  const std::string text = text_of(problem), reason = whole_reason(text);
  const auto line = [](const std::string& whole) { return printable(whole, kLongestReason); };
  if (begins_with(reason, kUnknownOperator)) {
    const std::string name = reason.substr(kUnknownOperator.size());
    const bool is_own = begins_with(name, "aten::") || begins_with(name, "prim::");
    return line(is_own ? fmt::format("it needs a newer LibTorch than the {} here, which has no operator {}",
                                     TORCH_VERSION, name)
                       : fmt::format("it needs the operator {}, which LibTorch {} has not", name, TORCH_VERSION));
  }
  if (contains(text, "maximum supported version")) {
    return line(fmt::format("it needs a newer LibTorch than the {} here: {}", TORCH_VERSION, reason));
  }
  // The error for code that was valid when it was saved has another name here.
  if (contains(text, "The original call is") || begins_with(reason, "Unknown type name")) {
    return line(
        fmt::format("it was saved by another LibTorch than the {} here, a newer one most likely, and cannot be "
                    "compiled: {}",
                    TORCH_VERSION, reason));
  }
  return line("no TorchScript module that can be read: " + reason);
}

}  // namespace tardigrad
