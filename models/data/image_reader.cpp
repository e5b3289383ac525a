#include "models/data/image_reader.hpp"

#include <fmt/format.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <string>
#include <string_view>

#include "models/files/user_files.hpp"
#include "models/unusable.hpp"
#include "netem/base/text_parts.hpp"

// Needs <cstdio> before it.
#include <jerror.h>
#include <jpeglib.h>

namespace tardigrad {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 256U << 20;
constexpr std::size_t kLargestSide = 4096;

/// The destination of a picture of this size and number of channels; without one, only the header is read.
struct Canvas {
  std::size_t channels = 0;
  std::uint8_t* pixels = nullptr;
};

struct Decoded {
  ImageHeader header;
  std::string error;  ///< error of the library; empty if there is none
};

/// The input of libpng and its error.
struct PngReading {
  const std::string& bytes;
  std::size_t at = 0;
  bool is_decoding = false;
  std::uint64_t rows_left = 0;  ///< rows to be decoded, over all passes of an interlaced picture
  char message[200] = {};
};

void take(png_structp png, png_bytep to, std::size_t size) {
  auto& reading = *static_cast<PngReading*>(png_get_io_ptr(png));
  if (size > reading.bytes.size() - reading.at) png_error(png, "it is truncated");
  std::copy_n(reading.bytes.data() + reading.at, size, to);
  reading.at += size;
}

[[noreturn]] void leave(png_structp png, png_const_charp message) {
  auto& reading = *static_cast<PngReading*>(png_get_error_ptr(png));
  std::snprintf(reading.message, sizeof reading.message, "%s", message);
  png_longjmp(png, 1);
}

void pass_over(png_structp, png_const_charp) {}

void note_row(png_structp png, png_row_infop, png_bytep) {
  --static_cast<PngReading*>(png_get_user_transform_ptr(png))->rows_left;
}

std::uint64_t rows_of(const ImageHeader& header, int passes) {
  if (passes == 1) return header.height;
  std::uint64_t rows = 0;
  for (int pass = 0; pass < passes; ++pass) {
    if (PNG_PASS_COLS(header.width, pass) > 0) rows += PNG_PASS_ROWS(header.height, pass);
  }
  return rows;
}

/// Keeps every value of the file in 8 bits: the upper ones of 16, a palette's colours, without alpha. Gamma,
/// profiles and transparency in the file change nothing, as in PIL's convert("RGB").
void set_plain_values(png_structp png, std::size_t channels) {
  png_set_palette_to_rgb(png);
  png_set_expand_gray_1_2_4_to_8(png);
  png_set_strip_16(png);
  png_set_strip_alpha(png);
  if (channels == 3) png_set_gray_to_rgb(png);
}

/// No object in this function may have a destructor: the library leaves by a jump.
bool decode_png(png_structp png, png_infop info, const ImageHeader& expected, const Canvas& canvas,
                PngReading& reading) {
  // A file may end, or continue with something else, once all rows have been decoded.
  if (setjmp(png_jmpbuf(png)) != 0) return reading.is_decoding && reading.rows_left == 0;
  png_set_read_fn(png, &reading, take);
  png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_WARN_DISCARD);
  png_read_info(png, info);
  if (!canvas.pixels || png_get_image_height(png, info) != expected.height ||
      png_get_image_width(png, info) != expected.width) {
    return true;
  }
  set_plain_values(png, canvas.channels);
  png_set_read_user_transform_fn(png, note_row);
  png_set_user_transform_info(png, &reading, 0, 0);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  const std::size_t stride = expected.width * canvas.channels;
  if (png_get_rowbytes(png, info) != stride) png_error(png, "it has other channels than its header says");
  reading.is_decoding = true;
  reading.rows_left = rows_of(expected, passes);
  for (int pass = 0; pass < passes; ++pass) {
    for (std::size_t row = 0; row < expected.height; ++row) {
      png_read_row(png, canvas.pixels + row * stride, nullptr);
    }
  }
  return true;
}

/// Both readers decode into the canvas if it has the picture's size; otherwise only the header is returned.
Decoded read_png(const std::string& bytes, const ImageHeader& expected, const Canvas& canvas) {
  PngReading reading{bytes};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading, leave, pass_over);
  png_infop info = png ? png_create_info_struct(png) : nullptr;
  if (!info) {
    png_destroy_read_struct(&png, nullptr, nullptr);
    return {{}, "there is no memory for it"};
  }
  const bool whole = decode_png(png, info, expected, canvas, reading);
  const bool is_coloured = (png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR) != 0;
  const ImageHeader header{png_get_image_height(png, info), png_get_image_width(png, info), is_coloured};
  png_destroy_read_struct(&png, &info, nullptr);
  return {header, whole ? "" : reading.message};
}

struct JpegErrors {
  jpeg_error_mgr manager;  // must be the first member: the library knows only this one
  std::jmp_buf back;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void leave(j_common_ptr jpeg) {
  auto* errors = reinterpret_cast<JpegErrors*>(jpeg->err);
  errors->manager.format_message(jpeg, errors->message);
  std::longjmp(errors->back, 1);
}

/// Warnings of the library are ignored, as in PIL: unneeded bytes, a wrong restart marker. But the rest of a
/// truncated file would be decoded as grey.
void leave_at_early_end(j_common_ptr jpeg, int level) {
  if (level < 0 && jpeg->err->msg_code == JWRN_JPEG_EOF) leave(jpeg);
}

/// Converts four inks, which files store as complements, to three colours: PIL's rule, rounding included.
void mix_inks(const std::uint8_t* inks, std::size_t width, std::uint8_t* colours) {
  for (std::size_t x = 0; x < width; ++x, inks += 4, colours += 3) {
    const unsigned light = inks[3];
    for (std::size_t c = 0; c < 3; ++c) {
      const unsigned taken = (255U - inks[c]) * light + 128;
      colours[c] = static_cast<std::uint8_t>(light - (((taken >> 8) + taken) >> 8));
    }
  }
}

/// No object in this function may have a destructor: the library leaves by a jump. `inks` has room for a row of
/// four values a pixel.
bool decode_jpeg(const std::string& bytes, const ImageHeader& expected, const Canvas& canvas, std::uint8_t* inks,
                 JpegErrors& errors, jpeg_decompress_struct& jpeg) {
  if (setjmp(errors.back) != 0) return false;
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_read_header(&jpeg, TRUE);
  if (!canvas.pixels || jpeg.image_height != expected.height || jpeg.image_width != expected.width) return true;
  const bool has_inks = jpeg.num_components == 4 && canvas.channels == 3;
  jpeg.out_color_space = has_inks ? JCS_CMYK : canvas.channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
  jpeg_start_decompress(&jpeg);
  while (jpeg.output_scanline < jpeg.output_height) {
    std::uint8_t* const pixels = canvas.pixels + jpeg.output_scanline * expected.width * canvas.channels;
    JSAMPROW row = has_inks ? inks : pixels;
    jpeg_read_scanlines(&jpeg, &row, 1);
    if (has_inks) mix_inks(inks, expected.width, pixels);
  }
  jpeg_finish_decompress(&jpeg);
  return true;
}

Decoded read_jpeg(const std::string& bytes, const ImageHeader& expected, const Canvas& canvas) {
  jpeg_decompress_struct jpeg{};
  JpegErrors errors{};
  jpeg.err = jpeg_std_error(&errors.manager);
  errors.manager.error_exit = leave;
  errors.manager.emit_message = leave_at_early_end;
  std::vector<std::uint8_t> inks(4 * expected.width);
  const bool whole = decode_jpeg(bytes, expected, canvas, inks.data(), errors, jpeg);
  const Decoded decoded{{jpeg.image_height, jpeg.image_width, jpeg.num_components != 1}, whole ? "" : errors.message};
  jpeg_destroy_decompress(&jpeg);
  return decoded;
}

bool is_png(const std::string& bytes) {
  return bytes.size() >= 8 && png_sig_cmp(reinterpret_cast<const unsigned char*>(bytes.data()), 0, 8) == 0;
}

/// Picture formats, and files often found in their place, by bytes at a known position of the file.
struct OtherFormat {
  std::size_t at;
  std::string_view sign;
  const char* name;
  const char* remedy;
};

constexpr const char* kConvert = "convert it first, with PIL for example";
constexpr OtherFormat kOtherFormats[] = {
    {0, "GIF8", "a GIF picture", kConvert},
    {0, "BM", "a BMP picture", kConvert},
    {8, "WEBP", "a WebP picture", kConvert},
    {0, std::string_view("II*\0", 4), "a TIFF picture", kConvert},
    {0, std::string_view("MM\0*", 4), "a TIFF picture", kConvert},
    {4, "ftyp", "a HEIC or AVIF picture", kConvert},
    {0, "P4", "a PBM picture", kConvert},
    {0, "P5", "a PGM picture", kConvert},
    {0, "P6", "a PPM picture", kConvert},
    {0, "<", "a text, such as a page of the web", "its download went wrong"},
    {0, "version https://git-lfs", "a pointer of Git LFS", "git lfs pull gets the picture itself"},
};

void refuse_other_formats(const fs::path& path, const std::string& bytes) {
  if (bytes.empty()) throw Unusable(fmt::format("{} is empty: expected PNG or JPEG", path.string()));
  for (const OtherFormat& other : kOtherFormats) {
    if (bytes.compare(std::min(other.at, bytes.size()), other.sign.size(), other.sign) != 0) continue;
    throw Unusable(fmt::format("{} is {}, expected PNG or JPEG: {}", path.string(), other.name, other.remedy));
  }
}

/// Detects the format by the file's first bytes, not by its name.
ImageHeader read_image(const std::filesystem::path& path, const ImageHeader& expected, const Canvas& canvas) {
  const std::string bytes = content_of(path, kLargestFile);
  refuse_other_formats(path, bytes);
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
  constexpr std::array<std::string_view, 17> kEnds = {".png", ".jpg",  ".jpeg", ".jpe",  ".jfif", ".gif",
                                                      ".bmp", ".webp", ".tif",  ".tiff", ".pbm",  ".pgm",
                                                      ".ppm", ".heic", ".heif", ".avif", ".mpo"};
  return std::find(kEnds.begin(), kEnds.end(), lower(path.extension().string())) != kEnds.end();
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
