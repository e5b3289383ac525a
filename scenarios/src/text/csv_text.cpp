#include "scenarios/src/text/csv_text.hpp"

namespace tardigrad {

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string csv_prefix(const std::vector<std::string>& fields) {
  std::string text;
  for (const std::string& field : fields) text += csv_text(field) + ',';
  return text;
}

}  // namespace tardigrad
