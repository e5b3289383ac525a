#include "models/files/pickle.hpp"

#include <charconv>
#include <cstring>
#include <string>
#include <unordered_map>
#include <utility>

#include "models/unusable.hpp"

namespace tardigrad {
namespace {

/// A list of 300,000 samples, each a tensor of its own and a label, has fewer.
constexpr std::size_t kMostValues = 10'000'000;
constexpr unsigned kNewestProtocol = 5;

[[noreturn]] void damaged() { throw Unusable("its pickle is damaged"); }

}  // namespace

const PickleValue* PickleValue::entry(std::string_view key) const {
  for (std::size_t i = 0; i + 1 < entries.size(); i += 2) {
    if (entries[i]->is(Kind::text) && entries[i]->text == key) return entries[i + 1];
  }
  return nullptr;
}

/// The stack machine that a pickle is a program for: https://docs.python.org/3/library/pickletools.html.
class PickleMachine {
 public:
  PickleMachine(Pickle& pickle, std::string_view bytes) : pickle_(pickle), left_(bytes) {}

  const PickleValue& run() {
    for (;;) {
      const unsigned code = byte();
      if (code == '.') return *pop();
      step(code);
    }
  }
  std::string_view left() const { return left_; }

 private:
  using Kind = PickleValue::Kind;
  using Items = std::vector<const PickleValue*>;

  // Each function handles some of the codes and returns true if this was one of them.
  void step(unsigned code) {
    if (!plain(code) && !number(code) && !text(code) && !container(code) && !call(code) && !memo(code)) {
      throw Unusable("its pickle has an instruction that is not known: it is damaged or of a newer Python");
    }
  }

  bool plain(unsigned code) {
    switch (code) {
      case 0x80:  // PROTO
        if (byte() > kNewestProtocol) throw Unusable("its pickle is of a newer protocol than 5");
        return true;
      case 0x95:  // FRAME
        take(8);
        return true;
      case '(':
        marks_.push_back(stack_.size());
        return true;
      case '0':
        pop();
        return true;
      case '1':
        to_mark();
        return true;
      case '2':
        stack_.push_back(top());
        return true;
      case 'N':
        push(Kind::none);
        return true;
      case 0x88:
      case 0x89:
        push(Kind::boolean).integer = code == 0x88 ? 1 : 0;
        return true;
      default:
        return false;
    }
  }

  bool number(unsigned code) {
    switch (code) {
      case 'J':
        push(Kind::integer).integer = static_cast<std::int32_t>(little_endian(4));
        return true;
      case 'K':
        push(Kind::integer).integer = byte();
        return true;
      case 'M':
        push(Kind::integer).integer = static_cast<std::int64_t>(little_endian(2));
        return true;
      case 0x8a:
        push_long(take(byte()));
        return true;
      case 0x8b:
        push_long(take(little_endian(4)));
        return true;
      case 'I':
      case 'L':
        push_decimal(line(), code == 'I');
        return true;
      case 'F':
        push(Kind::real).real = real_of(line());
        return true;
      case 'G':
        push_real(take(8));
        return true;
      default:
        return false;
    }
  }

  bool text(unsigned code) {
    switch (code) {
      case 'X':
        push(Kind::text).text = take(little_endian(4));
        return true;
      case 0x8c:
        push(Kind::text).text = take(byte());
        return true;
      case 0x8d:
        push(Kind::text).text = take(little_endian(8));
        return true;
      case 'V':
        push(Kind::text).text = line();
        return true;
      case 'S':  // Python 2's texts, in quotes
        push(Kind::text).text = unquoted(line());
        return true;
      case 'T':
        push(Kind::text).text = take(little_endian(4));
        return true;
      case 'U':
        push(Kind::text).text = take(byte());
        return true;
      case 'B':
        push(Kind::bytes).text = take(little_endian(4));
        return true;
      case 'C':
        push(Kind::bytes).text = take(byte());
        return true;
      case 0x8e:
      case 0x96:
        push(Kind::bytes).text = take(little_endian(8));
        return true;
      default:
        return false;
    }
  }

  bool container(unsigned code) {
    switch (code) {
      case ')':
        push(Kind::tuple);
        return true;
      case 't':
        push_items(Kind::tuple, to_mark());
        return true;
      case 0x85:
      case 0x86:
      case 0x87:
        push_items(Kind::tuple, last(code - 0x84));
        return true;
      case ']':
        push(Kind::list);
        return true;
      case 'l':
        push_items(Kind::list, to_mark());
        return true;
      case 'a':
        append(last(1));
        return true;
      case 'e':
        append(to_mark());
        return true;
      case 0x8f:
        push(Kind::set);
        return true;
      case 0x90:
        append(to_mark());
        return true;
      case 0x91:
        push_items(Kind::set, to_mark());
        return true;
      case '}':
        push(Kind::dict);
        return true;
      case 'd': {
        Items entries = to_mark();
        push(Kind::dict);
        set_entries(std::move(entries));
        return true;
      }
      case 's':
        set_entries(last(2));
        return true;
      case 'u':
        set_entries(to_mark());
        return true;
      default:
        return false;
    }
  }

  bool call(unsigned code) {
    switch (code) {
      case 'c': {
        const std::string_view module = line();
        push_global(module, line());
        return true;
      }
      case 0x93: {
        const Items both = last(2);
        if (!both[0]->is(Kind::text) || !both[1]->is(Kind::text)) damaged();
        push_global(both[0]->text, both[1]->text);
        return true;
      }
      case 'R':
      case 0x81:
        push_object(last(2));
        return true;
      case 0x92: {
        Items parts = last(3);
        parts.pop_back();  // arguments by name
        push_object(std::move(parts));
        return true;
      }
      case 'i': {
        Items arguments = to_mark();
        const std::string_view module = line();
        push_global(module, line());
        const PickleValue* callable = pop();
        push_items(Kind::tuple, std::move(arguments));
        push_object({callable, pop()});
        return true;
      }
      case 'o': {
        Items parts = to_mark();
        if (parts.empty()) damaged();
        const PickleValue* callable = parts.front();
        push_items(Kind::tuple, Items(parts.begin() + 1, parts.end()));
        push_object({callable, pop()});
        return true;
      }
      case 'b': {
        const PickleValue* state = pop();
        top()->state = state;
        return true;
      }
      case 'Q':
        push_items(Kind::persistent, last(1));
        pickle_.persistent_.push_back(top());
        return true;
      case 'P':
        push(Kind::text).text = line();
        push_items(Kind::persistent, last(1));
        pickle_.persistent_.push_back(top());
        return true;
      default:
        return false;
    }
  }

  bool memo(unsigned code) {
    switch (code) {
      case 'p':
        memo_[whole_number(line())] = top();
        return true;
      case 'q':
        memo_[byte()] = top();
        return true;
      case 'r':
        memo_[little_endian(4)] = top();
        return true;
      case 0x94: {
        PickleValue* const value = top();
        memo_[memo_.size()] = value;
        return true;
      }
      case 'g':
        recall(whole_number(line()));
        return true;
      case 'h':
        recall(byte());
        return true;
      case 'j':
        recall(little_endian(4));
        return true;
      default:
        return false;
    }
  }

  std::string_view take(std::uint64_t size) {
    if (size > left_.size()) throw Unusable("its pickle is cut off");
    const std::string_view taken = left_.substr(0, size);
    left_.remove_prefix(size);
    return taken;
  }

  unsigned byte() { return static_cast<unsigned char>(take(1)[0]); }

  std::uint64_t little_endian(std::size_t size) {
    const std::string_view bytes = take(size);
    std::uint64_t number = 0;
    for (std::size_t i = size; i > 0; --i) number = number << 8 | static_cast<unsigned char>(bytes[i - 1]);
    return number;
  }

  std::string_view line() {
    const std::size_t size = left_.find('\n');
    if (size == std::string_view::npos) throw Unusable("its pickle is cut off");
    const std::string_view text = take(size);
    take(1);
    return text;
  }

  static std::string_view unquoted(std::string_view text) {
    if (text.size() < 2) damaged();
    return text.substr(1, text.size() - 2);
  }

  static std::uint64_t whole_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) damaged();
    return number;
  }

  static double real_of(std::string_view text) {
    double number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) damaged();
    return number;
  }

  PickleValue& push(Kind kind) {
    if (pickle_.values_.size() == kMostValues) throw Unusable("its pickle holds more values than a data set's");
    pickle_.values_.emplace_back();
    pickle_.values_.back().kind = kind;
    stack_.push_back(&pickle_.values_.back());
    return *stack_.back();
  }

  void push_items(Kind kind, Items items) { push(kind).items = std::move(items); }

  void push_global(std::string_view module, std::string_view name) {
    PickleValue& global = push(Kind::global);
    global.module = module;
    global.text = name;
  }

  void push_object(Items callable_and_arguments) { push_items(Kind::object, std::move(callable_and_arguments)); }

  /// Two's complement, lowest byte first.
  void push_long(std::string_view bytes) {
    if (bytes.size() > 8) {
      PickleValue& huge = push(Kind::bytes);
      huge.text = bytes;
      huge.is_huge = true;
      return;
    }
    std::uint64_t number = !bytes.empty() && (bytes.back() & 0x80) != 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = bytes.size(); i > 0; --i) number = number << 8 | static_cast<unsigned char>(bytes[i - 1]);
    push(Kind::integer).integer = static_cast<std::int64_t>(number);
  }

  void push_decimal(std::string_view text, bool may_be_boolean) {
    if (may_be_boolean && (text == "00" || text == "01")) {
      push(Kind::boolean).integer = text == "01" ? 1 : 0;
      return;
    }
    if (!text.empty() && text.back() == 'L') text.remove_suffix(1);
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) damaged();
    push(Kind::integer).integer = number;
  }

  /// Highest byte first.
  void push_real(std::string_view bytes) {
    std::uint64_t bits = 0;
    for (const char byte : bytes) bits = bits << 8 | static_cast<unsigned char>(byte);
    std::memcpy(&push(Kind::real).real, &bits, sizeof bits);
  }

  /// The size of the stack at the last mark, below which nothing is popped.
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  PickleValue* top() {
    if (stack_.size() <= floor()) damaged();
    return stack_.back();
  }

  PickleValue* pop() {
    PickleValue* const value = top();
    stack_.pop_back();
    return value;
  }

  Items last(std::size_t count) {
    if (stack_.size() < floor() + count) damaged();
    Items items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
  }

  Items to_mark() {
    if (marks_.empty()) damaged();
    Items items = last(stack_.size() - floor());
    marks_.pop_back();
    return items;
  }

  void append(const Items& items) {
    PickleValue* const owner = top();
    const bool is_plain = owner->is(Kind::list) || owner->is(Kind::set);
    if (!is_plain && !owner->is(Kind::object)) damaged();
    Items& place = is_plain ? owner->items : owner->appended;
    place.insert(place.end(), items.begin(), items.end());
  }

  void set_entries(const Items& items) {
    PickleValue* const owner = top();
    if (items.size() % 2 != 0 || (!owner->is(Kind::dict) && !owner->is(Kind::object))) damaged();
    owner->entries.insert(owner->entries.end(), items.begin(), items.end());
  }

  void recall(std::uint64_t number) {
    const auto known = memo_.find(number);
    if (known == memo_.end()) damaged();
    stack_.push_back(known->second);
  }

  Pickle& pickle_;
  std::string_view left_;
  std::vector<PickleValue*> stack_;
  std::vector<std::size_t> marks_;  // sizes of the stack at the marks
  std::unordered_map<std::uint64_t, PickleValue*> memo_;
};

const PickleValue& Pickle::read(std::string_view& bytes) {
  PickleMachine machine(*this, bytes);
  const PickleValue& value = machine.run();
  bytes = machine.left();
  return value;
}

}  // namespace tardigrad
