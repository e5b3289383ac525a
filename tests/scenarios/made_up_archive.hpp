/// Archives for tests.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace tardigrad::test {

struct ArchiveMember {
  std::string path;
  std::string content;
  std::string link_to = {};  ///< not empty: a symbolic link
};

/// A .zip or a .tar.gz, by the file's name.
inline void write_archive(const std::filesystem::path& file, const std::vector<ArchiveMember>& members) {
  const std::unique_ptr<archive, int (*)(archive*)> out(archive_write_new(), archive_write_free);
  if (file.extension() == ".zip") {
    archive_write_set_format_zip(out.get());
  } else {
    archive_write_add_filter_gzip(out.get());
    archive_write_set_format_pax_restricted(out.get());
  }
  archive_write_open_filename(out.get(), file.c_str());
  for (const ArchiveMember& member : members) {
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), member.path.c_str());
    archive_entry_set_filetype(entry.get(), member.link_to.empty() ? AE_IFREG : AE_IFLNK);
    if (!member.link_to.empty()) archive_entry_set_symlink(entry.get(), member.link_to.c_str());
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.content.size()));
    archive_write_header(out.get(), entry.get());
    archive_write_data(out.get(), member.content.data(), member.content.size());
  }
}

}  // namespace tardigrad::test
