#include "models/tensor_reader.hpp"

#include <caffe2/serialize/inline_container.h>
#include <zlib.h>

#include <functional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "models/datasets.hpp"
#include "models/minibatch.hpp"
#include "tests/models/with_torch/doctest_beside_torch.hpp"
#include "tests/temporary_folder.hpp"

namespace tardigrad {
namespace {

using torch::IValue;

IValue pair(const at::Tensor& inputs, const at::Tensor& labels) { return c10::ivalue::Tuple::create(inputs, labels); }

at::Tensor whole_numbers(std::vector<std::int64_t> numbers) { return torch::tensor(numbers); }

/// Files as torch.save writes them.
struct Files {
  test::TemporaryFolder folder;

  std::string write(const std::string& name, const IValue& value) const {
    const std::vector<char> bytes = torch::pickle_save(value);
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
  const at::Tensor bytes = torch::arange(24, torch::kByte).reshape({2, 3, 2, 2}) * 10;
  const at::Tensor labels = whole_numbers({1, 4});
  const std::uint32_t both[] = {1, 0};
  const DatasetResult pixels = files.read(pair(bytes, labels));
  REQUIRE(pixels.error == "");
  CHECK(pixels.dataset->classes == 5);
  CHECK(pixels.dataset->vocabulary == 0);
  CHECK(pixels.dataset->train.shape == std::vector<std::int64_t>{3, 2, 2});
  const Minibatch batch = gather(pixels.dataset->train, both, 2);
  CHECK(torch::allclose(batch.inputs, (bytes.flip(0).to(torch::kFloat) / 255 - 0.5) / 0.5));
  CHECK(batch.inputs.is_contiguous(at::MemoryFormat::ChannelsLast));
  CHECK(batch.labels.equal(whole_numbers({4, 1})));

  const at::Tensor floats = bytes.to(torch::kFloat) / 7;
  const DatasetResult reals = files.read(pair(floats, labels));
  REQUIRE(reals.error == "");
  CHECK(gather(reals.dataset->train, both, 2).inputs.equal(floats.flip(0)));
}

TEST_CASE("a dict will do, strides of any order, and sizes of any number") {
  const Files files;
  c10::impl::GenericDict dict(c10::StringType::get(), c10::TensorType::get());
  const at::Tensor inputs = torch::rand({5, 3}).t();
  dict.insert("inputs", inputs);
  dict.insert("labels", whole_numbers({0, 1, 2}).to(torch::kInt));
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
  const at::Tensor inputs = torch::zeros({3, 4});
  const at::Tensor labels = whole_numbers({0, 1, 2});
  CHECK(files.error(inputs) == "it is expected to hold (inputs, labels) or {\"inputs\": ..., \"labels\": ...}");
  CHECK(files.error(pair(inputs, whole_numbers({0, 1}))) ==
        "its labels have the sizes [2], expected one label for each of 3 inputs");
  CHECK(files.error(pair(inputs, whole_numbers({0, -1, 2}))) == "it has a label -1, expected 0 to 65535");
  CHECK(files.error(pair(inputs, whole_numbers({0, 65536, 2}))) == "it has a label 65536, expected 0 to 65535");
  CHECK(files.error(pair(inputs, torch::zeros({3}))) == "its labels are of type Float, expected whole numbers");
  CHECK(files.error(pair(inputs.to(torch::kDouble), labels)) ==
        "its inputs are of type Double, expected Byte or Float, or Long of one text a sample");
  CHECK(files.error(pair(torch::zeros({3}), labels)) ==
        "its inputs have the sizes [3], expected samples x at least one number");
  CHECK(files.error(pair(torch::zeros({0, 4}), labels)) == "its inputs are empty");
  CHECK(files.error(pair(inputs / 0, labels)) == "its inputs are not all finite");
  CHECK(files.error(pair(whole_numbers({0, -1, 2}).reshape({3, 1}), labels)) ==
        "it has a token -1, expected 0 to 65535");
  CHECK(files.error(c10::ivalue::Tuple::create(inputs, std::string("labels"))) == "its labels are no tensor");
  CHECK(files.read(pair(inputs, labels), pair(torch::zeros({3, 5}), labels)).error.find("inputs of other sizes") !=
        std::string::npos);
}

TEST_CASE("a damaged file of tensors is refused, wherever it is cut") {
  const Files files;
  const std::string path = files.write("whole.pt", pair(torch::rand({3, 4}), whole_numbers({0, 1, 2})));
  const std::string whole = test::content_of(path);
  REQUIRE(read_tensors(path, path).error == "");
  for (std::size_t size = 0; size < whole.size(); size += 64) {
    const std::string cut = files.folder.write("cut.pt", whole.substr(0, size));
    CHECK(read_tensors(cut, path).error.rfind(cut + ": it ", 0) == 0);
  }
  const std::string missing = files.folder / "missing.pt";
  CHECK(read_tensors(path, missing).error.find("there is no file " + missing) != std::string::npos);
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
  const std::string path = files.write("honest.pt", pair(torch::rand({6, 4}).slice(0, 3, 6), labels));
  REQUIRE(read_tensors(path, path).error == "");
  const std::string far = rewritten(files, path, {{"K\x18tQ", "K\xfftQ"}, {"K\x04K\x01t", "K\x40K\x01t"}});
  CHECK(read_tensors(far, far).error.find("its inputs are damaged") != std::string::npos);
  CHECK(files.error(pair(torch::rand({1, 4}).expand({3, 4}), labels)).find("share their place in memory") !=
        std::string::npos);
}

TEST_CASE("a checksum tells data apart") {
  const Files files;
  const at::Tensor inputs = torch::zeros({3, 4});
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
