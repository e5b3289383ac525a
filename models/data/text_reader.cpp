#include "models/data/text_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/data/leaf_files.hpp"
#include "models/files/user_files.hpp"
#include "models/unusable.hpp"

namespace tardigrad {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using CodePoints = std::u32string;

/// The characters in a context of LEAF's.
constexpr std::size_t kContext = 80;

/// The number of bytes that follow the first one of a code point, and its own bits; no bytes follow a wrong
/// one.
struct Lead {
  std::size_t following;
  char32_t bits;
  char32_t least;  ///< the least code point of this length
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {0, byte, 0};
  if (byte >= 0xc0 && byte < 0xe0) return {1, byte & 0x1fU, 0x80};
  if (byte >= 0xe0 && byte < 0xf0) return {2, byte & 0x0fU, 0x800};
  if (byte >= 0xf0 && byte < 0xf8) return {3, byte & 0x07U, 0x10000};
  return {0, 0x110000, 0};
}

bool is_code_point(char32_t value) { return value < 0x110000 && (value < 0xd800 || value > 0xdfff); }

CodePoints decoded(const std::string& bytes, const fs::path& path) {
  CodePoints text;
  std::size_t at = 0;
  while (at < bytes.size()) {
    const Lead lead = lead_of(static_cast<unsigned char>(bytes[at]));
    char32_t value = lead.bits;
    bool whole = at + lead.following < bytes.size();
    for (std::size_t i = 1; whole && i <= lead.following; ++i) {
      const auto byte = static_cast<unsigned char>(bytes[at + i]);
      whole = (byte & 0xc0U) == 0x80;
      value = value << 6 | (byte & 0x3fU);
    }
    if (!whole || value < lead.least || !is_code_point(value)) {
      throw Unusable(fmt::format("{} is not in UTF-8: see its byte {}", path.string(), at));
    }
    text.push_back(value);
    at += 1 + lead.following;
  }
  return text;
}

/// Numbers characters in their order.
class Vocabulary {
 public:
  explicit Vocabulary(const std::set<char32_t>& signs) {
    for (const char32_t sign : signs) numbers_.emplace(sign, static_cast<std::uint16_t>(numbers_.size()));
  }

  std::uint16_t number_of(char32_t sign) const { return numbers_.at(sign); }
  std::int64_t size() const { return static_cast<std::int64_t>(numbers_.size()); }

 private:
  std::map<char32_t, std::uint16_t> numbers_;
};

Vocabulary vocabulary_of(const std::set<char32_t>& signs, const fs::path& path) {
  if (signs.size() <= kMostClasses) return Vocabulary(signs);
  throw Unusable(
      fmt::format("{} has {} different signs, expected at most {}", path.string(), signs.size(), kMostClasses));
}

/// The part of the tokens from `begin` on.
Samples windows_on(const Tokens& all, std::size_t begin, std::size_t end, std::size_t context) {
  const auto at = [&](std::size_t place) { return all.begin() + static_cast<std::ptrdiff_t>(place); };
  std::vector<Label> labels(at(begin + context), at(end));
  return {{static_cast<std::int64_t>(context)}, Tokens(at(begin), at(end)), 1, std::move(labels)};
}

struct TokenisedText {
  Tokens tokens;
  std::int64_t vocabulary;
};

TokenisedText characters_of(const std::string& content, const fs::path& file) {
  const CodePoints text = decoded(content, file);
  const Vocabulary vocabulary = vocabulary_of({text.begin(), text.end()}, file);
  TokenisedText result{{}, vocabulary.size()};
  for (const char32_t sign : text) result.tokens.push_back(vocabulary.number_of(sign));
  return result;
}

TokenisedText bytes_of(const std::string& content) {
  TokenisedText result{{}, 256};
  for (const char byte : content) result.tokens.push_back(static_cast<unsigned char>(byte));
  return result;
}

struct Sample {
  CodePoints context;
  char32_t next;
};
/// Sorted by name.
using SamplesOfUsers = std::map<std::string, std::vector<Sample>>;

CodePoints text_of(const Json& value, std::size_t size, const fs::path& path) {
  if (!value.is_string()) throw Unusable(fmt::format("{} has something else where a text is expected", path.string()));
  const CodePoints text = decoded(value.get_ref<const std::string&>(), path);
  if (text.size() == size) return text;
  throw Unusable(fmt::format("{} has a text of {} signs where {} are expected", path.string(), text.size(), size));
}

SamplesOfUsers read_part(const fs::path& folder) {
  SamplesOfUsers users;
  for_leaf_samples(folder, [&](const std::string& user, const Json& x, const Json& y, const fs::path& file) {
    users[user].push_back({text_of(x, kContext, file), text_of(y, 1, file).front()});
  });
  return users;
}

void add_signs(const SamplesOfUsers& users, std::set<char32_t>& signs) {
  for (const auto& user : users) {
    for (const Sample& sample : user.second) {
      signs.insert(sample.context.begin(), sample.context.end());
      signs.insert(sample.next);
    }
  }
}

Samples samples_of(const SamplesOfUsers& users, const Vocabulary& vocabulary) {
  Samples all;
  Tokens tokens;
  std::uint32_t number = 0;
  for (const auto& user : users) {
    for (const Sample& sample : user.second) {
      for (const char32_t sign : sample.context) tokens.push_back(vocabulary.number_of(sign));
      all.labels.push_back(vocabulary.number_of(sample.next));
      all.users.push_back(number);
    }
    ++number;
  }
  all.shape = {kContext};
  all.inputs = std::move(tokens);
  all.stride = kContext;
  return all;
}

DatasetResult dataset_of(Samples train, Samples test, std::int64_t signs) {
  return {std::make_shared<const Dataset>(Dataset{std::move(train), std::move(test), signs, signs}), ""};
}

}  // namespace

DatasetResult read_text(const fs::path& file, const TextForm& form) {
  try {
    const std::string content = content_of(file);
    const TokenisedText text = form.is_bytes ? bytes_of(content) : characters_of(content, file);
    const std::size_t size = text.tokens.size(), tested = size / 10;
    if (tested <= form.context) {
      throw Unusable(fmt::format("{} has {} {}, expected at least {}: a tenth of them is for testing", file.string(),
                                 size, form.is_bytes ? "bytes" : "signs", 10 * (form.context + 1)));
    }
    return dataset_of(windows_on(text.tokens, 0, size - tested, form.context),
                      windows_on(text.tokens, size - tested, size, form.context), text.vocabulary);
  } catch (const Unusable& problem) {
    return refusal<DatasetResult>(problem);
  }
}

DatasetResult read_leaf_text(const fs::path& folder) {
  try {
    const SamplesOfUsers train = read_part(folder / "train");
    const SamplesOfUsers test = read_part(folder / "test");
    std::set<char32_t> signs;
    add_signs(train, signs);
    add_signs(test, signs);
    const Vocabulary vocabulary = vocabulary_of(signs, folder);
    return dataset_of(samples_of(train, vocabulary), samples_of(test, vocabulary), vocabulary.size());
  } catch (const Unusable& problem) {
    return refusal<DatasetResult>(problem);
  }
}

}  // namespace tardigrad
