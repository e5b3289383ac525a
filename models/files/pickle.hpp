/// Reads what Python's pickle has written, of protocols 0 to 5. Nothing in it is executed: what a pickle wants to call
/// stays a name and its arguments.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace tardigrad {

/// One value. Texts and bytes are views into the pickle.
struct PickleValue {
  enum class Kind {
    none,
    boolean,
    integer,
    real,
    text,
    bytes,  ///< also an integer of more than 64 bits: in two's complement, lowest byte first
    tuple,
    list,
    set,
    dict,
    global,     ///< a class or function: `module` and `text`, its name
    object,     ///< what calling `callable()` with the tuple `arguments()` would make
    persistent  ///< what the file has elsewhere: items[0] says where
  };

  Kind kind = Kind::none;
  bool is_huge = false;  ///< bytes only: it is such an integer
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text{};
  std::string_view module{};
  std::vector<const PickleValue*> items{};     ///< of tuple, list, set; of object: callable and arguments
  std::vector<const PickleValue*> entries{};   ///< of dict, or put into an object like one: key, value, key, value ...
  std::vector<const PickleValue*> appended{};  ///< to an object, as to a list
  const PickleValue* state = nullptr;          ///< of object, where it has one

  bool is(Kind other) const { return kind == other; }
  const PickleValue& callable() const { return *items[0]; }
  const PickleValue& arguments() const { return *items[1]; }
  bool is_global(std::string_view of_module, std::string_view name) const {
    return is(Kind::global) && module == of_module && text == name;
  }
  /// The value of an entry by its text; nothing if there is none.
  const PickleValue* entry(std::string_view key) const;
};

/// Values of the pickles of one file, which must outlive it. They may contain each other in circles.
class Pickle {
 public:
  /// Reads one pickle from the front of `bytes` and takes it off. Throws Unusable: it is none, is damaged, or holds too
  /// much.
  const PickleValue& read(std::string_view& bytes);

  /// All persistent values so far, in their order.
  const std::vector<const PickleValue*>& persistent() const { return persistent_; }

 private:
  friend class PickleMachine;

  std::deque<PickleValue> values_;  // where they are they stay
  std::vector<const PickleValue*> persistent_;
};

}  // namespace tardigrad
