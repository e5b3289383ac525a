/// Decodes PNG and JPEG pictures, as PIL does: the values that the file has, whatever it says of gamma, profiles,
/// transparency or which way is up.
///
/// Of 16 bits a value's upper 8 count, so that 257 v is v. (PIL does so with coloured ones, but makes all that is above
/// 255 white in grey ones.) JPEG's four inks become three colours by PIL's rule. What PIL forgives is forgiven: wrong
/// checksums of a PNG, a missing end after its last row, what follows a picture, and whatever libjpeg merely warns of;
/// a file that is cut off is not.
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

/// Of a file whose name ends as pictures' do, capital letters or not, also those of formats that are not read: what it
/// is its content says.
bool is_image_name(const std::filesystem::path& path);

/// Throws Unusable: it is no picture, or too large.
ImageHeader read_image_header(const std::filesystem::path& path);

/// Appends the picture row by row, pixel by pixel: three bytes each (red, green, blue), or one (grey). Throws Unusable:
/// the picture is damaged or not of this size.
void append_image(const std::filesystem::path& path, const ImageHeader& expected, std::size_t channels,
                  std::vector<std::uint8_t>& pixels);

}  // namespace tardigrad
