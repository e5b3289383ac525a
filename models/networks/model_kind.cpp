#include "models/networks/model_kind.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/networks/char_lstm.hpp"
#include "models/networks/gn_lenet.hpp"
#include "models/networks/lenet.hpp"
#include "models/networks/logistic_regression.hpp"
#include "models/networks/mlp.hpp"
#include "models/networks/resnet20.hpp"
#include "models/networks/torchscript_network.hpp"
#include "models/networks/transformer.hpp"
#include "models/networks/vgg11.hpp"

namespace tardigrad {
namespace {

constexpr std::int64_t kPictureSizes = 3;

NetworkResult make_gn_lenet(const ModelSpec&, const Problem& problem) {
  const auto size = [&](std::size_t place) { return static_cast<std::size_t>(problem.input[place]); };
  return {std::make_unique<GnLeNet>(ImageShape{size(0), size(1), size(2)}, problem.classes), ""};
}

template <class Own>
NetworkResult make(const ModelSpec& spec, const Problem& problem) {
  return {std::make_unique<Own>(spec, problem), ""};
}

constexpr std::int64_t kMostParameters = 1'000'000'000;
constexpr std::int64_t kWidestLayer = 100'000;
constexpr std::int64_t kMostLayers = 100;

using Option = KindOption<ModelSpec>;

Option statistics() {
  return Option("statistics", &ModelSpec::statistics, "what becomes of statistics that are not trained")
      .one_of({"averaged", "local"});
}

/// `narrowest`: the fewest channels of its layers; all others have multiples.
NamedKind<ModelSpec> residual_kind(const std::string& name, const std::string& summary, std::int64_t narrowest) {
  return {name,
          summary,
          {Option("norm", &ModelSpec::norm, "normalisation of each layer").one_of({"group", "batch"}),
           Option("groups", &ModelSpec::groups, "groups of channels that are normalised together")
               .within(1, static_cast<double>(narrowest))
               .only_with("norm", "group"),
           statistics().only_with("norm", "batch")},
          [narrowest](const ModelSpec& model) -> OptionObjection {
            if (model.norm != "group" || narrowest % model.groups == 0) return {};
            return {"groups",
                    fmt::format("expected a divisor of {}, its fewest channels, got {}", narrowest, model.groups)};
          }};
}

NamedKind<ModelSpec> transformer_kind() {
  return {"transformer",
          "decoder-only transformer that predicts every next sign of a text (809,856 parameters for 65 signs)",
          {Option("layers", &ModelSpec::blocks, "blocks of attention and a hidden layer").within(1, kMostLayers),
           Option("heads", &ModelSpec::heads, "of attention in each layer").within(1, kWidestLayer),
           Option("width", &ModelSpec::width, "numbers a sign, a multiple of the heads").within(1, kWidestLayer),
           Option("tied_embeddings", &ModelSpec::tied_embeddings, "signs and scores share one weight")},
          [](const ModelSpec& model) -> OptionObjection {
            if (model.width % model.heads == 0) return {};
            return {"width", fmt::format("expected a multiple of the {} heads, got {}", model.heads, model.width)};
          }};
}

constexpr double kMostHeterogeneity = 1000;

std::vector<Option> objective_options(double most_numbers) {
  return {Option("dimension", &ModelSpec::dimension, "numbers of a point").within(1, most_numbers),
          Option("samples", &ModelSpec::samples, "of each node").within(1, 100'000),
          Option("heterogeneity", &ModelSpec::heterogeneity, "how far the nodes' functions are apart; 0: not at all")
              .within(0, kMostHeterogeneity)};
}

NamedKind<ModelSpec> quadratic_kind() {
  std::vector<Option> options = objective_options(10'000);
  options.push_back(Option("condition", &ModelSpec::condition, "greatest quotient of curvatures").within(1, 1e6));
  options.push_back(Option("noise", &ModelSpec::noise, "deviation of a node's samples").within(0, kMostHeterogeneity));
  return {"quadratic", "a quadratic function for each node; loss is the distance to the known optimum", options};
}

NamedKind<ModelSpec> logistic_kind() {
  std::vector<Option> options = objective_options(200);
  options.push_back(Option("penalty", &ModelSpec::penalty, "weight of the squared norm").above(0, 1e3));
  return {"logistic", "logistic regression of drawn samples; loss is the distance to the known optimum", options};
}

NamedKind<ModelSpec> module_kind() {
  NamedKind<ModelSpec> kind(
      "torchscript", "{ torchscript = \"my_model.pt\" }: a module of yours, saved by torch.jit.script(...).save",
      {Option("torchscript", &ModelSpec::file, "the module; stands in place of the kind")
           .path()
           .required("model = { torchscript = \"my_model.pt\" }"),
       Option("loss", &ModelSpec::loss, "what is trained for").one_of({"cross-entropy"}), statistics()});
  kind.is_known_by_option = true;
  return kind;
}

NamedKind<ModelSpec> python_kind() {
  NamedKind<ModelSpec> kind("python", "{ python = \"my_learner.py:MyLearner\" }: a learner of yours, in Python",
                            {Option("python", &ModelSpec::file, "file and class; stands in place of the kind")
                                 .path()
                                 .required("model = { python = \"my_learner.py:MyLearner\" }")});
  kind.is_known_by_option = true;
  return kind;
}

/// The reason why this network does not fit this problem; empty if it does.
std::string objection(const ModelKind& kind, const Problem& problem) {
  const std::string& name = kind.name;
  const std::string inputs = fmt::format("inputs of {}", fmt::join(problem.input, "x"));
  const bool is_text = problem.vocabulary > 0;
  if (kind.inputs == Inputs::anything) return "";
  if (is_text != (kind.inputs == Inputs::texts)) {
    return fmt::format("the model {} {}", name,
                       is_text ? "cannot read texts" : "reads nothing but texts, such as [data] set = \"text\"");
  }
  if (kind.inputs != Inputs::pictures) return "";
  if (problem.input.size() != kPictureSizes) {
    return fmt::format("the model {} needs pictures (channels x height x width), not {}", name, inputs);
  }
  if (problem.input[1] >= kind.least_side && problem.input[2] >= kind.least_side) return "";
  return fmt::format("the model {0} needs pictures of at least {1}x{1} pixels, not {2}", name, kind.least_side, inputs);
}

}  // namespace

const std::vector<ModelKind>& model_kinds() {
  static const std::vector<ModelKind> kinds = {
      {{"gn-lenet", "three convolutions with group normalisation (89,834 parameters on CIFAR-10)"},
       Task::labels,
       make_gn_lenet,
       Inputs::pictures,
       8,
       gn_lenet_on_kernels},
      {{"lenet", "two convolutions, two fully connected layers (1,690,046 parameters on FEMNIST)"},
       Task::labels,
       make<LeNet>,
       Inputs::pictures,
       4,
       lenet_on_kernels},
      {{"logistic-regression", "one linear layer"},
       Task::labels,
       make<LogisticRegression>,
       Inputs::numbers,
       0,
       fully_connected_on_kernels},
      {{"lstm",
        "stacked LSTM that predicts a text's next sign (819,920 parameters for 80 signs)",
        {Option("embedding", &ModelSpec::embedding, "numbers a sign").within(1, kWidestLayer),
         Option("layers", &ModelSpec::layers, "stacked layers").within(1, kMostLayers),
         Option("units", &ModelSpec::units, "units of each layer").within(1, kWidestLayer)}},
       Task::labels,
       make<CharLstm>,
       Inputs::texts,
       0,
       char_lstm_on_kernels},
      {{"matrix-factorization", "20 factors a user and a film (206,680 parameters on MovieLens)"}, Task::ratings},
      {{"mlp",
        "fully connected layers with ReLU between them",
        {Option("hidden", &ModelSpec::hidden, "units of the layers between input and classes")
             .within(1, kWidestLayer)}},
       Task::labels,
       make<Mlp>,
       Inputs::numbers,
       0,
       fully_connected_on_kernels},
      {residual_kind("resnet-20", "the residual network for small pictures (269,722 parameters on CIFAR-10)", 16),
       Task::labels, make<ResNet20>, Inputs::pictures, 4, resnet20_on_kernels},
      {residual_kind("vgg-11", "eight convolutions (9,231,114 parameters on CIFAR-10)", 64), Task::labels, make<Vgg11>,
       Inputs::pictures, 32, vgg11_on_kernels},
      {transformer_kind(), Task::labels, make<Transformer>, Inputs::texts, 0, transformer_on_kernels},
      {module_kind(), Task::labels, TorchScriptNetwork::load},
      {python_kind(), Task::own},
      {quadratic_kind(), Task::optimum},
      {logistic_kind(), Task::optimum},
      {{"null",
        "a number of parameters and nothing to learn, to study the network alone",
        {Option("parameters", &ModelSpec::parameters, "of the model")
             .within(1, kMostParameters)
             .required("{ kind = \"null\", parameters = 90000 }")}},
       Task::nothing},
  };
  return kinds;
}

NetworkResult make_network(const ModelSpec& spec, const Problem& problem, Backend backend) {
  const ModelKind* kind = find_kind(model_kinds(), spec);
  if (!kind || !kind->make) return {nullptr, fmt::format("there is no network {}", spec.kind)};
  const std::string wrong = objection(*kind, problem);
  if (!wrong.empty()) return {nullptr, wrong};
  NetworkResult made = kind->make(spec, problem);
  if (backend == Backend::libtorch || !made.network || !kind->on_kernels) return made;
  std::unique_ptr<Network> on_kernels = kind->on_kernels(made.network->initialisation(), spec, problem);
  if (on_kernels) made.network = std::move(on_kernels);
  return made;
}

}  // namespace tardigrad
