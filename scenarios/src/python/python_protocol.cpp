#include "scenarios/src/python/python_protocol.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "scenarios/src/python/interpreter.hpp"
#include "scenarios/src/python/value_arrays.hpp"

namespace py = pybind11;

namespace tardigrad {

namespace {

py::object encoded_of(const SharedBytes& encoded) {
  if (!encoded) return py::none();
  return py::bytes(reinterpret_cast<const char*>(encoded->data()), encoded->size());
}

/// Lends the actions of one call.
class Lent {
 public:
  Lent(PythonActions& place, Actions& actions) : place_(place) { place_.actions = &actions; }
  ~Lent() { place_.actions = nullptr; }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

 private:
  PythonActions& place_;
};

}  // namespace

PythonProtocol::PythonProtocol(std::shared_ptr<const PythonClass> own, const AlgorithmOptions& options, PythonRun run)
    : class_(std::move(own)), actions_(std::make_shared<PythonActions>()) {
  const auto shared = std::make_shared<PythonRun>(std::move(run));
  actions_->run = shared;
  const PythonLock lock;
  carefully("__init__", [&] {
    object_ = make_object(*class_, options, py::cast(shared));
    python_actions_ = py::cast(actions_);
  });
}

PythonProtocol::~PythonProtocol() {
  const PythonLock lock;
  object_ = py::object();
  python_actions_ = py::object();
}

void PythonProtocol::on_start(SharedValues initial, Actions& actions) {
  actions_->size = initial->size();
  call("on_start", actions, [&] { return array_of(initial); });
}

void PythonProtocol::on_trained(LocalRound local, Actions& actions) {
  call("on_trained", actions,
       [&] { return class_->round_type(local.round, array_of(local.values), local.steps, local.learning_rates); });
}

void PythonProtocol::on_message(const ProtocolMessage& message, Actions& actions) {
  call("on_message", actions, [&] {
    return class_->message_type(message.from, message.kind, message.round, array_of(message.values),
                                encoded_of(message.encoded));
  });
}

void PythonProtocol::on_wait_over(Actions& actions) {
  const PythonLock lock;
  const Lent lent(*actions_, actions);
  carefully("on_wait_over", [&] { object_.attr("on_wait_over")(python_actions_); });
}

template <class Arguments>
void PythonProtocol::call(const char* method, Actions& actions, const Arguments& arguments) {
  const PythonLock lock;
  const Lent lent(*actions_, actions);
  carefully(method, [&] { object_.attr(method)(arguments(), python_actions_); });
}

template <class Work>
void PythonProtocol::carefully(const char* method, const Work& work) {
  try {
    work();
  } catch (py::error_already_set& failure) {
    throw std::runtime_error(fmt::format("{} (in {}.{} of node {})", failure_text(failure, class_->file),
                                         class_->name(), method, actions_->run->info.node));
  }
}

void PythonProtocol::persist(StateArchive& archive) {
  std::vector<char> checksum = class_->checksum;
  std::vector<char> state;
  const PythonLock lock;
  if (!archive.loads()) {
    carefully("save", [&] {
      const std::string saved = engine().attr("saved")(object_).cast<std::string>();
      state.assign(saved.begin(), saved.end());
    });
  }
  std::uint64_t size = actions_->size;
  archive(checksum, size, state);
  if (!archive.loads()) return;
  actions_->size = size;
  const std::uint64_t parameters = actions_->run->info.parameters;
  if (checksum != class_->checksum || (size != 0 && size != parameters)) archive.fail();
  if (archive.ok()) load(state);
}

void PythonProtocol::load(const std::vector<char>& state) {
  carefully("restore", [&] { engine().attr("restore")(object_, py::bytes(state.data(), state.size())); });
}

}  // namespace tardigrad
