/// Decodes PNG and JPEG pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace tardigrad {

struct ImageHeader {
  std::size_t height = 0;
  std::size_t width = 0;
  bool is_coloured = false;
};

/// Of a file whose name ends in .png, .jpg or .jpeg, capital letters or not.
bool is_image_name(const std::filesystem::path& path);

/// Throws Unusable: it is no picture, or too large.
ImageHeader read_image_header(const std::filesystem::path& path);

/// Appends the picture row by row, pixel by pixel: three bytes each (red, green, blue), or one (grey). What is
/// transparent is black. Throws Unusable: the picture is damaged or not of this size.
void append_image(const std::filesystem::path& path, const ImageHeader& expected, std::size_t channels,
                  std::vector<std::uint8_t>& pixels);

}  // namespace tardigrad
