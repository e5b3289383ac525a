/// Reads pickles that Python has written, of protocols 0 to 5. Nothing in a pickle is executed: a call in it
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
    object,     ///< the result of calling `callable()` with the tuple `arguments()`
    persistent  ///< a reference to data elsewhere in the file: items[0] names it
  };

  Kind kind = Kind::none;
  bool is_huge = false;  ///< bytes only: true for such an integer
  std::int64_t integer = 0;
  double real = 0;
  std::string_view text{};
  std::string_view module{};
  std::vector<const PickleValue*> items{};     ///< elements of a tuple, list or set; callable and arguments of an
                                               ///< object
  std::vector<const PickleValue*> entries{};   ///< entries of a dict, or of an object that acts as one: key, value,
                                               ///< key, value ...
  std::vector<const PickleValue*> appended{};  ///< elements appended to an object that acts as a list
  const PickleValue* state = nullptr;          ///< the object's state; null without one

  bool is(Kind other) const { return kind == other; }
  const PickleValue& callable() const { return *items[0]; }
  const PickleValue& arguments() const { return *items[1]; }
  bool is_global(std::string_view of_module, std::string_view name) const {
    return is(Kind::global) && module == of_module && text == name;
  }
  /// True for a dict, plain or of collections.
  bool is_dict() const {
    return is(Kind::dict) || (is(Kind::object) && (callable().is_global("collections", "OrderedDict") ||
                                                   callable().is_global("collections", "defaultdict")));
  }
  /// The value of the entry with this text as its key; nothing if there is none.
  const PickleValue* entry(std::string_view key) const;
};

/// Values of the pickles of one file, which must outlive them. They may contain each other in circles.
class Pickle {
 public:
  /// Reads one pickle from the front of `bytes` and removes it there. Throws Unusable if it is none, is
  /// damaged, or holds too much.
  const PickleValue& read(std::string_view& bytes);

  /// All persistent values so far, in their order.
  const std::vector<const PickleValue*>& persistent() const { return persistent_; }

 private:
  friend class PickleMachine;

  std::deque<PickleValue> values_;  // a deque, so that values keep their addresses
  std::vector<const PickleValue*> persistent_;
};

}  // namespace tardigrad
