#include "models/data/tensor_reader.hpp"

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/pickle.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "models/data/datasets.hpp"
#include "models/training/minibatch.hpp"
#include "netem/base/random_stream.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"
#include "tests/models/with_torch/made_up_pickle.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

using c10::IValue;

IValue pair(const at::Tensor& inputs, const at::Tensor& labels) { return c10::ivalue::Tuple::create(inputs, labels); }

at::Tensor whole_numbers(std::vector<std::int64_t> numbers) { return at::tensor(numbers); }

/// Files as torch.save writes them.
struct Files {
  test::TemporaryFolder folder;

  std::string write(const std::string& name, const IValue& value) const {
    const std::vector<char> bytes = torch::jit::pickle_save(value);
    return folder.write(name, std::string(bytes.begin(), bytes.end()));
  }
  DatasetResult read(const IValue& train, const IValue& test) const {
    return read_tensors(write("train.pt", train), write("test.pt", test));
  }
  DatasetResult read(const IValue& both) const { return read(both, both); }
  std::string error(const IValue& train) const {
    const DatasetResult result = read(train);
    CHECK(!result.dataset);
    const std::string prefix = (folder.path() / "train.pt: ").string();
    REQUIRE_MESSAGE(result.error.rfind(prefix, 0) == 0, result.error);
    return result.error.substr(prefix.size());
  }
};

TEST_CASE("pictures of whole numbers are learned from as other data sets' are, and floats as they are") {
  const Files files;
  const at::Tensor bytes = at::arange(24, at::kByte).reshape({2, 3, 2, 2}) * 10;
  const at::Tensor labels = whole_numbers({1, 4});
  const std::uint32_t both[] = {1, 0};
  const DatasetResult pixels = files.read(pair(bytes, labels));
  REQUIRE(pixels.error == "");
  CHECK(pixels.dataset->classes == 5);
  CHECK(pixels.dataset->vocabulary == 0);
  CHECK(pixels.dataset->train.shape == std::vector<std::int64_t>{3, 2, 2});
  const Minibatch batch = gather(pixels.dataset->train, both, 2);
  CHECK(at::allclose(batch.inputs, (bytes.flip(0).to(at::kFloat) / 255 - 0.5) / 0.5));
  CHECK(batch.inputs.is_contiguous(at::MemoryFormat::ChannelsLast));
  CHECK(batch.labels.equal(whole_numbers({4, 1})));

  const at::Tensor floats = bytes.to(at::kFloat) / 7;
  const DatasetResult reals = files.read(pair(floats, labels));
  REQUIRE(reals.error == "");
  CHECK(gather(reals.dataset->train, both, 2).inputs.equal(floats.flip(0)));
}

TEST_CASE("a dict will do, strides of any order, and sizes of any number") {
  const Files files;
  c10::impl::GenericDict dict(c10::StringType::get(), c10::TensorType::get());
  const at::Tensor inputs = at::rand({5, 3}).t();
  dict.insert("inputs", inputs);
  dict.insert("labels", whole_numbers({0, 1, 2}).to(at::kInt));
  const DatasetResult result = files.read(dict);
  REQUIRE(result.error == "");
  const std::uint32_t all[] = {0, 1, 2};
  CHECK(gather(result.dataset->train, all, 3).inputs.equal(inputs));
}

TEST_CASE("whole numbers of 64 bits are a text's tokens") {
  const Files files;
  const DatasetResult result = files.read(pair(whole_numbers({0, 1, 2, 3}).reshape({2, 2}), whole_numbers({7, 0})),
                                          pair(whole_numbers({0, 9}).reshape({1, 2}), whole_numbers({8})));
  REQUIRE(result.error == "");
  CHECK(result.dataset->vocabulary == 10);
  CHECK(result.dataset->classes == 9);
  const std::uint32_t second = 1;
  CHECK(gather(result.dataset->train, &second, 1).inputs.equal(whole_numbers({2, 3}).reshape({1, 2})));
}

TEST_CASE("tensors that are no data set are refused in one sentence that names the file") {
  const Files files;
  const at::Tensor inputs = at::zeros({3, 4});
  const at::Tensor labels = whole_numbers({0, 1, 2});
  CHECK(files.error(inputs) == "it holds a tensor: expected (inputs, labels) or {\"inputs\": ..., \"labels\": ...}");
  CHECK(files.error(pair(inputs, whole_numbers({0, 1}))) ==
        "its labels have the sizes [2], expected one label for each of 3 inputs");
  CHECK(files.error(pair(inputs, whole_numbers({0, -1, 2}))) == "it has a label -1, expected 0 to 65535");
  CHECK(files.error(pair(inputs, whole_numbers({0, 65536, 2}))) == "it has a label 65536, expected 0 to 65535");
  CHECK(files.error(pair(inputs, at::zeros({3}))) ==
        "its labels are float32, expected whole numbers: save them after .long()");
  CHECK(files.error(pair(inputs.to(at::kDouble), labels)) ==
        "its inputs are float64, expected float32 or uint8, or int64 of one text a sample: save them after .float()");
  CHECK(files.error(pair(at::zeros({3, 1, 2, 2}, at::kLong), labels)) ==
        "its inputs are int64, expected float32 or uint8, or int64 of one text a sample: save pixels of 0 to 255 after "
        ".to(torch.uint8), others after .float()");
  CHECK(files.error(pair(inputs, at::eye(3))) ==
        "its labels have the sizes [3, 3], expected one label for each of 3 inputs: of one-hot rows save .argmax(1)");
  CHECK(files.error(pair(at::zeros({3}), labels)) ==
        "its inputs have the sizes [3], expected samples x at least one number");
  CHECK(files.error(pair(at::zeros({0, 4}), labels)) == "it has a tensor without numbers, of [0, 4]");
  CHECK(files.error(pair(inputs / 0, labels)) == "its inputs are not all finite");
  CHECK(files.error(pair(whole_numbers({0, -1, 2}).reshape({3, 1}), labels)) ==
        "it has a token -1, expected 0 to 65535");
  CHECK(files.error(c10::ivalue::Tuple::create(inputs, std::string("labels"))) ==
        "its labels are no tensor, but the text \"labels\"");
  CHECK(files.read(pair(inputs, labels), pair(at::zeros({3, 5}), labels)).error.find("inputs of other sizes") !=
        std::string::npos);
}

TEST_CASE("a damaged file of tensors is refused, wherever it is cut") {
  const Files files;
  const std::string path = files.write("whole.pt", pair(at::rand({3, 4}), whole_numbers({0, 1, 2})));
  const std::string whole = test::content_of(path);
  REQUIRE(read_tensors(path, path).error == "");
  for (std::size_t size = 0; size < whole.size(); size += 64) {
    const std::string cut = files.folder.write("cut.pt", whole.substr(0, size));
    CHECK(read_tensors(cut, path).error.rfind(cut + ": it ", 0) == 0);
  }
  const std::string missing = files.folder / "missing.pt";
  CHECK(read_tensors(path, missing).error == "there is no file " + missing);
}

/// The file with other words in its pickle, which are as long; its checksums are right.
std::string rewritten(const Files& files, const std::string& path,
                      const std::vector<std::pair<std::string, std::string>>& words) {
  caffe2::serialize::PyTorchStreamReader archive(path);
  std::string bytes = test::content_of(path);
  const std::size_t begin = archive.getRecordOffset("data.pkl");
  const std::size_t size = std::get<1>(archive.getRecord("data.pkl"));
  const auto checksum = [&] {
    const auto* pickle = reinterpret_cast<const Bytef*>(bytes.data() + begin);
    const auto sum = static_cast<std::uint32_t>(crc32_z(0, pickle, size));
    return std::string(reinterpret_cast<const char*>(&sum), sizeof sum);
  };
  const auto replace = [&](const std::string& word, const std::string& other) {
    const std::size_t place = bytes.find(word, begin);
    REQUIRE(place < begin + size);
    bytes.replace(place, other.size(), other);
  };
  const std::string before = checksum();
  for (const auto& [word, other] : words) replace(word, other);
  const std::string after = checksum();
  for (std::size_t at = bytes.find(before); at != std::string::npos; at = bytes.find(before, at)) {
    bytes.replace(at, after.size(), after);
  }
  return files.folder.write("rewritten.pt", bytes);
}

TEST_CASE("a tensor that says it has more numbers than the file is damaged") {
  const Files files;
  const at::Tensor labels = whole_numbers({0, 1, 2});
  const std::string path = files.write("honest.pt", pair(at::rand({6, 4}).slice(0, 3, 6), labels));
  REQUIRE(read_tensors(path, path).error == "");
  const std::string far = rewritten(files, path, {{"K\x18tQ", "K\xfftQ"}, {"K\x04K\x01t", "K\x40K\x01t"}});
  CHECK(read_tensors(far, far).error.find("it is damaged: its tensors do not fit its pickle") != std::string::npos);
  CHECK(files.error(pair(at::rand({1, 4}).expand({3, 4}), labels)).find("share their place in memory") !=
        std::string::npos);
}

using namespace test::pickled;

/// Three samples of two numbers, with their labels, wrapped somehow.
struct Content {
  std::string inputs = tensor({"0"}, {3, 2}, {2, 1});
  std::string labels = tensor({"1", "LongStorage"}, {3}, {1});
  test::Storages storages = {{"0", test::bytes_of(std::vector<float>{1, 2, 3, 4, 5, 6})},
                             {"1", test::bytes_of(std::vector<std::int64_t>{0, 1, 2})}};

  std::string both() const { return tuple({inputs, labels}); }
  /// In an archive.
  DatasetResult read(const std::string& value, const std::string& protocol = "\x02") const {
    return read_bytes(test::archive(value, storages, protocol));
  }
  static DatasetResult read_bytes(const std::string& bytes) {
    const test::TemporaryFolder folder;
    const std::string path = folder.write("train.pt", bytes);
    DatasetResult result = read_tensors(path, path);
    if (result.error.rfind(path + ": ", 0) == 0) result.error.erase(0, path.size() + 2);
    return result;
  }
};

void check_whole(const DatasetResult& result) {
  REQUIRE(result.error == "");
  CHECK(result.dataset->train.labels == std::vector<Label>{0, 1, 2});
  CHECK(std::get<Reals>(result.dataset->train.inputs) == Reals{1, 2, 3, 4, 5, 6});
}

TEST_CASE("tensors are read in every wrapping that people save them in") {
  const Content c;
  const std::string dataset = with_state(an_object("torch.utils.data.dataset", "TensorDataset"),
                                         dict({text("tensors"), tuple({c.inputs, c.labels})}));
  check_whole(c.read(c.both()));
  check_whole(c.read(list({c.inputs, c.labels})));
  check_whole(c.read(dict({text("labels"), c.labels, text("inputs"), c.inputs})));
  check_whole(c.read(ordered_dict({text("inputs"), c.inputs, text("labels"), c.labels})));
  check_whole(c.read(dict({text("X"), c.inputs, text("y"), c.labels, text("note"), text("hello")})));
  check_whole(c.read(dict({text("data"), c.inputs, text("targets"), c.labels, text("classes"), list({text("a")})})));
  CHECK(c.read(dict({text("x"), c.inputs, text("data"), c.inputs, text("y"), c.labels})).error ==
        "it holds a dict of \"x\", \"data\", \"y\": expected (inputs, labels) or {\"inputs\": ..., \"labels\": ...}");
  check_whole(c.read(dataset));
  check_whole(c.read(tuple({c.both()})));
  check_whole(c.read(dict({text("train"), list({dataset})})));
  check_whole(c.read(tuple({c.inputs, list({number(0), number(1), number(2)})})));
  check_whole(c.read(tuple({c.inputs, tensor({"1", "LongStorage"}, {3, 1}, {1, 1})})));
  const auto sample = [](std::int32_t at) {
    return tuple({tensor({"0"}, {2}, {1}, 2 * at), at == 1 ? number(1) : tensor({"1", "LongStorage"}, {}, {}, at)});
  };
  check_whole(
      c.read(list({tuple({tensor({"0"}, {2}, {1}, 0), number(0)}), tuple({tensor({"0"}, {2}, {1}, 2), number(1)}),
                   tuple({tensor({"0"}, {2}, {1}, 4), number(2)})})));
  CHECK(c.read(list({sample(0), sample(1), sample(2)})).error ==
        "its labels are a number in a list, expected a tensor");
}

TEST_CASE("of a data set that was split, the chosen samples are read") {
  const Content c;
  const auto subset = [&](const std::string& indices) {
    return with_state(an_object("torch.utils.data.dataset", "Subset"),
                      dict({text("dataset"), c.both(), text("indices"), indices}));
  };
  const DatasetResult result = c.read(subset(list({number(2), number(0)})));
  REQUIRE(result.error == "");
  CHECK(result.dataset->train.labels == std::vector<Label>{2, 0});
  CHECK(std::get<Reals>(result.dataset->train.inputs) == Reals{5, 6, 1, 2});
  for (const std::int32_t wrong : {3, -1}) {
    CHECK(c.read(subset(list({number(wrong)}))).error ==
          "it holds a Subset of samples that its data set does not have");
  }
}

TEST_CASE("a part may be chosen by a range, and of another part") {
  const Content c;
  const auto subset = [](const std::string& dataset, const std::string& indices) {
    return with_state(an_object("torch.utils.data.dataset", "Subset"),
                      dict({text("dataset"), dataset, text("indices"), indices}));
  };
  const auto range = [](std::int32_t begin, std::int32_t end, std::int32_t step) {
    return call(global("__builtin__", "xrange"), {number(begin), number(end), number(step)});
  };
  const auto labels = [&](const std::string& value) {
    const DatasetResult result = c.read(value);
    REQUIRE(result.error == "");
    return result.dataset->train.labels;
  };
  CHECK(labels(subset(c.both(), range(0, 2, 1))) == std::vector<Label>{0, 1});
  CHECK(labels(subset(c.both(), range(2, -1, -2))) == std::vector<Label>{2, 0});
  const std::string reversed = subset(c.both(), list({number(2), number(1), number(0)}));
  CHECK(labels(subset(reversed, list({number(0), number(2)}))) == std::vector<Label>{2, 0});
  CHECK(c.read(subset(reversed, list({number(3)}))).error ==
        "it holds a Subset of samples that its data set does not have");
  CHECK(c.read(subset(c.both(), range(0, 2'000'000'000, 1))).error.find("it holds a Subset whose indices are") == 0);
  CHECK(c.read(subset(c.both(), range(0, 2, 0))).error.find("it holds a Subset whose indices are") == 0);
  CHECK(c.read(subset(c.both(), c.labels)).error ==
        "it holds a Subset whose indices are no list of numbers, such as indices.tolist() gives: expected (inputs, "
        "labels) or {\"inputs\": ..., \"labels\": ...}");
}

TEST_CASE("of a data set that is not read, the refusal says how inputs and labels are made of it") {
  const Content c;
  const std::string concat = with_state(an_object("torch.utils.data.dataset", "ConcatDataset"),
                                        dict({text("datasets"), list({c.both(), c.both()})}));
  CHECK(c.read(concat).error ==
        "it holds an object of class \"ConcatDataset\": expected (inputs, labels) or {\"inputs\": ..., \"labels\": "
        "...}, as torch.utils.data.default_collate([d[i] for i in range(len(d))]) makes them of a data set d");
  const std::string sample = dict({text("x"), c.inputs, text("y"), number(1)});
  const std::string error = c.read(list({sample, sample, sample})).error;
  CHECK(error.find("it holds 3 values in a row, the first a dict of 2: expected (inputs, labels)") == 0);
  CHECK(error.find("default_collate") != std::string::npos);
  CHECK(c.read(dict({})).error.find("it holds an empty dict: expected (inputs, labels)") == 0);
}

TEST_CASE("tensors of other devices are read onto the CPU, if they have numbers") {
  Content c;
  for (const char* device : {"cuda:0", "cuda:7", "mps", "xpu:0"}) {
    c.inputs = tensor({"0", "FloatStorage", device}, {3, 2}, {2, 1});
    c.labels = tensor({"1", "LongStorage", device}, {3}, {1});
    check_whole(c.read(c.both()));
  }
  c.inputs = tensor({"0", "FloatStorage", "cuda:0", false, "torch.cuda"}, {3, 2}, {2, 1});
  check_whole(c.read(c.both()));
  c.inputs = tensor({"0", "FloatStorage", "meta"}, {3, 2}, {2, 1});
  CHECK(c.read(c.both()).error == "it has a tensor of the device \"meta\", which has no numbers");
}

TEST_CASE("parameters, tensors of other classes and newer types are the tensors in them") {
  Content c;
  const std::string plain = c.inputs;
  c.inputs = call(global("torch._utils", "_rebuild_parameter"), {plain, boolean(true), ordered_dict({})});
  check_whole(c.read(c.both()));
  c.inputs = call(global("torch._tensor", "_rebuild_from_type_v2"),
                  {global("torch._utils", "_rebuild_tensor_v2"), global("torchvision.tv_tensors", "Image"),
                   tuple({test::pickled::Storage{"0"}.pickled(), number(0), sizes({3, 2}), sizes({2, 1}),
                          boolean(false), ordered_dict({})}),
                   dict({})});
  check_whole(c.read(c.both()));
  c.inputs = plain;
  c.storages["1"] = std::string("\0\0\1\0\2\0", 6);
  c.labels = call(global("torch._utils", "_rebuild_tensor_v3"),
                  {test::pickled::Storage{"1", "UntypedStorage", "cpu", false, "torch.storage"}.pickled(), number(0),
                   sizes({3}), sizes({1}), boolean(false), ordered_dict({}), global("torch", "uint16")});
  check_whole(c.read(c.both()));
}

TEST_CASE("numbers of other types are read where that changes none of them") {
  Content c;
  c.storages["0"] = test::bytes_of(std::vector<std::uint16_t>{0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600});
  c.inputs = tensor({"0", "HalfStorage"}, {3, 2}, {2, 1});
  check_whole(c.read(c.both()));
  c.storages["0"] = test::bytes_of(std::vector<std::uint16_t>{0x3f80, 0x4000, 0x4040, 0x4080, 0x40a0, 0x40c0});
  c.inputs = tensor({"0", "BFloat16Storage"}, {3, 2}, {2, 1});
  check_whole(c.read(c.both()));
  for (const char* type : {"ByteStorage", "CharStorage"}) {
    c.storages["1"] = std::string("\0\1\2", 3);
    c.labels = tensor({"1", type}, {3}, {1});
    check_whole(c.read(c.both()));
  }
  c.storages["1"] = std::string("\0\1\1", 3);
  c.labels = tensor({"1", "BoolStorage"}, {3}, {1});
  CHECK(c.read(c.both()).dataset->train.labels == std::vector<Label>{0, 1, 1});
  c.storages["0"] = test::bytes_of(std::vector<std::int32_t>{1, 2, 3, 4, 5, 6});
  c.inputs = tensor({"0", "IntStorage"}, {3, 2}, {2, 1});
  CHECK(std::get<Tokens>(c.read(c.both()).dataset->train.inputs) == Tokens{1, 2, 3, 4, 5, 6});
  c.inputs = tensor({"0", "ComplexFloatStorage"}, {3, 1}, {1, 1});
  CHECK(c.read(c.both()).error.find("its inputs are complex64, expected float32") == 0);
}

TEST_CASE("views, steps and pickles of every protocol are read") {
  Content c;
  for (const char* protocol : {"\x02", "\x03", "\x05"}) check_whole(c.read(c.both(), protocol));
  // Frames, short texts, a stack of names and a memo without numbers, as protocol 4 has them.
  const std::string named = "\x8c\x0ctorch._utils\x94\x8c\x12_rebuild_tensor_v2\x94\x93\x94";
  const std::string rest = c.inputs.substr(c.inputs.find("_rebuild_tensor_v2\n") + 19);
  const std::string frame = "\x95" + little_endian(std::uint64_t{1000});
  check_whole(c.read(frame + tuple({named + rest, c.labels}), "\x04"));
  CHECK(c.read(c.both(), "\x06").error == "its pickle is of a newer protocol than 5");
  c.inputs = tensor({"0"}, {3, 2}, {1, 3});
  CHECK(std::get<Reals>(c.read(c.both()).dataset->train.inputs) == Reals{1, 4, 2, 5, 3, 6});
  c.inputs = tensor({"0"}, {2, 2}, {2, 1}, 2);
  c.labels = tensor({"1", "LongStorage"}, {2}, {2});
  const DatasetResult result = c.read(c.both());
  CHECK(std::get<Reals>(result.dataset->train.inputs) == Reals{3, 4, 5, 6});
  CHECK(result.dataset->train.labels == std::vector<Label>{0, 2});
}

TEST_CASE("the format before PyTorch 1.6 is read, wherever it is cut off it is refused") {
  Content c;
  c.inputs = tensor({"0", "FloatStorage", "cuda:0", true}, {3, 2}, {2, 1});
  c.labels = tensor({"1", "LongStorage", "cuda:0", true}, {3}, {1});
  const std::string whole = test::older_file(c.both(), c.storages, {{"0", 4}, {"1", 8}});
  check_whole(Content::read_bytes(whole));
  for (std::size_t size = 0; size < whole.size(); size += 5) {
    CHECK(Content::read_bytes(whole.substr(0, size)).error.rfind("it", 0) == 0);
  }
}

TEST_CASE("sizes, strides and offsets are not believed") {
  Content c;
  const auto error = [&](const std::vector<std::int64_t>& size, const std::vector<std::int64_t>& stride,
                         std::int64_t offset = 0) {
    c.inputs = tensor({"0"}, size, stride, offset);
    const DatasetResult result = c.read(c.both());
    CHECK(!result.dataset);
    return result.error;
  };
  constexpr std::int64_t huge = std::int64_t{1} << 62;
  const std::string damaged = "it is damaged: its tensors do not fit its pickle";
  CHECK(error({3, 3}, {3, 1}) == damaged);
  CHECK(error({3, 2}, {2, 1}, 1) == damaged);
  CHECK(error({3, 2}, {2, 1}, -1) == damaged);
  CHECK(error({3, 2}, {2, 1}, huge) == damaged);
  CHECK(error({3, 2}, {-2, 1}, 4) == damaged);
  CHECK(error({-3, 2}, {2, 1}) == damaged);
  CHECK(error({huge, 4}, {4, 1}) == damaged);
  CHECK(error({huge, huge}, {0, 0}) == damaged);
  CHECK(error({3, 2}, {2}) == damaged);
  CHECK(error({3, 200}, {0, 0}) ==
        "it has a tensor whose numbers share their place in memory (expand): save it after .clone()");
  c.storages.erase("0");
  CHECK(error({3, 2}, {2, 1}) == "it is damaged: numbers of its tensors are missing");
}

TEST_CASE("what is no data set is named, with what to save instead, and nothing of it is executed") {
  const Content c;
  const std::string expected = ": expected (inputs, labels) or {\"inputs\": ..., \"labels\": ...}";
  const auto error = [&](const std::string& value) {
    const std::string text = c.read(value).error;
    CHECK(text.size() < 300);
    CHECK(std::all_of(text.begin(), text.end(), [](char sign) { return sign >= ' ' && sign <= '~'; }));
    return text;
  };
  const std::string array = call(global("numpy.core.multiarray", "_reconstruct"), {none()});
  CHECK(error(tuple({array, array})) ==
        "its inputs are no tensor, but a NumPy array, save torch.from_numpy(...) of it");
  CHECK(error(ordered_dict({text("0.weight"), c.inputs, text("0.bias"), c.labels})) ==
        "it holds a model's state_dict (\"0.weight\", \"0.bias\"), not samples" + expected);
  CHECK(error(dict({text("a\x1b[31m\n"), c.inputs, text("b"), c.labels})) ==
        "it holds a dict of \"a?[31m?\", \"b\"" + expected);
  CHECK(error(an_object("__main__", "Net")) == "it holds an object of class \"Net\"" + expected);
  CHECK(error(none()) == "it holds None" + expected);
  CHECK(error(text(std::string(100'000, '\n'))).find("it holds the text \"????") == 0);
  CHECK(error(tuple({c.inputs, c.labels, c.labels})) == "it holds 3 values in a row, the first a tensor" + expected);
  CHECK(error(tuple({call(global("torch._utils", "_rebuild_sparse_tensor"), {none()}), c.labels})) ==
        "it has a sparse tensor, expected a dense one: save it after .to_dense()");
  const test::TemporaryFolder folder;
  const std::string touched = folder.path() / "touched";
  CHECK(error(tuple({c.inputs, call(global("posix", "system"), {text("touch " + touched)})})) ==
        "its labels are no tensor, but an object of class \"system\"");
  CHECK(!std::filesystem::exists(touched));
}

TEST_CASE("files of other tools are named") {
  const auto error = [](const std::string& bytes) { return Content::read_bytes(bytes).error; };
  const std::string expected = "expected what torch.save((inputs, labels), \"train.pt\") writes";
  CHECK(error("\x93NUMPY...") ==
        "it is a NumPy array (.npy): save torch.from_numpy(...) of inputs and labels; " + expected);
  CHECK(error(little_endian(std::uint64_t{20}) + "{\"x\":{}}") ==
        "it is a safetensors file: save the tensors in it by torch.save; " + expected);
  CHECK(error("\x1f\x8b...") == "it is packed by gzip: unpack it first; " + expected);
  CHECK(error("\x80\x02" + number(1) + ".") == "it is a plain pickle, of pickle.dump for example: " + expected);
  CHECK(error("hello") == "it is not what torch.save writes, or it is damaged: " + expected);
  CHECK(error("") == "it is empty: " + expected);
  const Content c;
  CHECK(error(test::archive(c.both(), c.storages, "\x02", {{"constants.pkl", "\x80\x02)."}})) ==
        "it is a TorchScript module, as model = { torchscript = ... } takes; " + expected);
}

TEST_CASE("bytes that no Python has written are refused, whatever they are") {
  const Content c;
  RandomStream stream(1, Purpose::test);
  const std::string whole = c.both();
  for (int i = 0; i < 3000; ++i) {
    std::string broken = whole;
    for (std::uint64_t change = 0; change <= stream.below(3); ++change) {
      broken[stream.below(broken.size())] = static_cast<char>(stream.below(256));
    }
    const DatasetResult result = c.read(broken.substr(0, 1 + stream.below(broken.size())));
    CHECK((result.dataset != nullptr) == result.error.empty());
  }
  // A list in itself, and things within things without end.
  CHECK(c.read("]q\x01h\x01"
               "ah\x01")
            .error != "");
  CHECK(c.read(std::string(100'000, '(') + "]" + std::string(100'000, 't')).error.find("too many things") !=
        std::string::npos);
}

TEST_CASE("a checksum tells data apart") {
  const Files files;
  const at::Tensor inputs = at::zeros({3, 4});
  DataSpec data{"tensors"};
  data.train = files.write("train.pt", pair(inputs, whole_numbers({0, 1, 2})));
  data.test = data.train;
  const std::uint32_t first = content_checksum(data).checksum;
  CHECK(content_checksum(data).checksum == first);
  data.test = files.write("test.pt", pair(inputs, whole_numbers({0, 1, 1})));
  CHECK(content_checksum(data).checksum != first);
  data.test = files.folder / "missing.pt";
  CHECK(content_checksum(data).error != "");
  CHECK(content_checksum({"none"}).checksum == 0);
}

}  // namespace
}  // namespace tardigrad
