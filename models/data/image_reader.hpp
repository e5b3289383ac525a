/// Decodes PNG and JPEG pictures as PIL does: gamma, profiles, transparency and orientation in the file do not
/// change its values.
///
/// 16-bit values keep their upper 8 bits, so that 257 v is v. (PIL does the same for coloured pictures, but
/// makes every grey value above 255 white.) JPEG's four inks become three colours by PIL's rule. Mistakes that
/// PIL tolerates are tolerated: wrong checksums of a PNG, a missing end after its last row, bytes behind a
/// picture, and all warnings of libjpeg; a truncated file is refused.
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

/// True for the names of picture files, in capital letters or not, also of formats that cannot be read: the
/// content decides about those.
bool is_image_name(const std::filesystem::path& path);

/// Throws Unusable if the file is no picture or too large.
ImageHeader read_image_header(const std::filesystem::path& path);

/// Appends the picture row by row, pixel by pixel: three bytes each (red, green, blue), or one (grey). Throws
/// Unusable if the picture is damaged or not of this size.
void append_image(const std::filesystem::path& path, const ImageHeader& expected, std::size_t channels,
                  std::vector<std::uint8_t>& pixels);

}  // namespace tardigrad
