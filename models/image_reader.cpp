#include "models/image_reader.hpp"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <cctype>
#include <csetjmp>
#include <cstdio>
#include <string>

#include "models/unusable.hpp"
#include "models/user_files.hpp"

// Needs <cstdio> before it.
#include <jpeglib.h>

namespace tardigrad {
namespace {

constexpr std::size_t kLargestFile = 256U << 20;
constexpr std::size_t kLargestSide = 4096;

/// Where a picture of this size is to be put, in so many channels; nothing: only its header is read.
struct Canvas {
  std::size_t channels = 0;
  std::uint8_t* pixels = nullptr;
};

struct Decoded {
  ImageHeader header;
  std::string error;  ///< what the library says is wrong; empty if nothing is
};

/// Both readers decode into the canvas, if it has the size; otherwise the header alone comes back.
Decoded read_png(const std::string& bytes, const ImageHeader& expected, const Canvas& canvas) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0) return {{}, image.message};
  Decoded decoded{{image.height, image.width, (image.format & PNG_FORMAT_FLAG_COLOR) != 0}, ""};
  const bool fits = decoded.header.height == expected.height && decoded.header.width == expected.width;
  if (canvas.pixels && fits) {
    image.format = canvas.channels == 3 ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
    const png_color black{0, 0, 0};
    if (png_image_finish_read(&image, &black, canvas.pixels, 0, nullptr) == 0) decoded.error = image.message;
  }
  png_image_free(&image);
  return decoded;
}

struct JpegErrors {
  jpeg_error_mgr manager;  // the first member: the library knows nothing of the others
  std::jmp_buf back;
  char message[JMSG_LENGTH_MAX];
};

void leave(j_common_ptr jpeg) {
  auto* errors = reinterpret_cast<JpegErrors*>(jpeg->err);
  errors->manager.format_message(jpeg, errors->message);
  std::longjmp(errors->back, 1);
}

/// A picture of which a part is missing would otherwise be filled up with grey.
void leave_at_warning(j_common_ptr jpeg, int level) {
  if (level < 0) leave(jpeg);
}

/// Nothing in here may have a destructor: the library leaves by a jump.
bool decode_jpeg(const std::string& bytes, const ImageHeader& expected, const Canvas& canvas, JpegErrors& errors,
                 jpeg_decompress_struct& jpeg) {
  if (setjmp(errors.back) != 0) return false;
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&jpeg, TRUE);
  if (!canvas.pixels || jpeg.image_height != expected.height || jpeg.image_width != expected.width) return true;
  jpeg.out_color_space = canvas.channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_start_decompress(&jpeg);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = canvas.pixels + jpeg.output_scanline * expected.width * canvas.channels;
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_decompress(&jpeg);
  return true;
}

Decoded read_jpeg(const std::string& bytes, const ImageHeader& expected, const Canvas& canvas) {
  jpeg_decompress_struct jpeg{};
  JpegErrors errors{};
  jpeg.err = jpeg_std_error(&errors.manager);
  errors.manager.error_exit = leave;
  errors.manager.emit_message = leave_at_warning;
  const bool whole = decode_jpeg(bytes, expected, canvas, errors, jpeg);
  const Decoded decoded{{jpeg.image_height, jpeg.image_width, jpeg.num_components != 1}, whole ? "" : errors.message};
  jpeg_destroy_decompress(&jpeg);
  return decoded;
}

bool is_png(const std::string& bytes) {
  return bytes.size() >= 8 && png_sig_cmp(reinterpret_cast<const unsigned char*>(bytes.data()), 0, 8) == 0;
}

/// By what the file begins with, not by its name.
ImageHeader read_image(const std::filesystem::path& path, const ImageHeader& expected, const Canvas& canvas) {
  const std::string bytes = content_of(path, kLargestFile);
  const auto [header, error] = is_png(bytes) ? read_png(bytes, expected, canvas) : read_jpeg(bytes, expected, canvas);
  if (!error.empty()) {
    throw Unusable(fmt::format("{} is no picture that can be decoded: {}", path.string(), error));
  }
  if (std::max(header.height, header.width) > kLargestSide) {
    throw Unusable(fmt::format("{} has {}x{} pixels, expected sides of at most {}", path.string(), header.height,
                               header.width, kLargestSide));
  }
  return header;
}

}  // namespace

bool is_image_name(const std::filesystem::path& path) {
  std::string end = path.extension().string();
  std::transform(end.begin(), end.end(), end.begin(), [](unsigned char c) { return std::tolower(c); });
  return end == ".png" || end == ".jpg" || end == ".jpeg";
}

ImageHeader read_image_header(const std::filesystem::path& path) { return read_image(path, {}, {}); }

void append_image(const std::filesystem::path& path, const ImageHeader& expected, std::size_t channels,
                  std::vector<std::uint8_t>& pixels) {
  const std::size_t begin = pixels.size();
  pixels.resize(begin + expected.height * expected.width * channels);
  const ImageHeader header = read_image(path, expected, {channels, pixels.data() + begin});
  if (header.height == expected.height && header.width == expected.width) return;
  throw Unusable(fmt::format("{} has {}x{} pixels, expected {}x{} as all others", path.string(), header.height,
                             header.width, expected.height, expected.width));
}

}  // namespace tardigrad
