/// The columns of a comma-separated file, each described once: header line, rows, reader and `tardigrad list columns`
/// follow from it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/src/text/csv_reader.hpp"

namespace tardigrad {

template <class Row>
struct Column {
  std::string name;
  std::string summary;
  /// The field of a row; texts are quoted where they must be (csv_text).
  std::function<std::string(const Row&)> text;
  /// Reads the field at the reader's place into the row, and complains to the reader. Null: no part of the program
  /// reads it back.
  std::function<void(CsvReader&, std::size_t place, Row&)> read{};
  std::string unit{};  ///< "s", "bytes", ...; empty: a name, or a number without one

  /// The same, not read back: a file without this column can be read, too.
  Column only_written() const {
    Column column = *this;
    column.read = nullptr;
    return column;
  }
  Column in(std::string own_unit) const {
    Column column = *this;
    column.unit = std::move(own_unit);
    return column;
  }
};

/// What the user is told of a column.
struct ColumnText {
  std::string name;
  std::string summary;
  std::string unit;
};

/// A file's name and columns without the type of its rows.
struct ColumnTexts {
  std::string file;
  std::string summary;
  std::vector<ColumnText> columns;
};

template <class Row>
class Columns {
 public:
  /// `file` is its name without folders, `summary` says what a row is.
  Columns(std::string file, std::string summary, std::vector<Column<Row>> columns)
      : file_(std::move(file)), summary_(std::move(summary)), columns_(std::move(columns)) {}

  const std::string& file() const { return file_; }

  /// With its line end.
  std::string header() const {
    return line([](const Column<Row>& column) { return column.name; });
  }
  /// With its line end.
  std::string row(const Row& row) const {
    return line([&](const Column<Row>& column) { return column.text(row); });
  }

  /// The columns that `read` reads: a reader of the file is made with them.
  std::vector<std::string> read_names() const {
    std::vector<std::string> names;
    for (const Column<Row>& column : columns_) {
      if (column.read) names.push_back(column.name);
    }
    return names;
  }
  /// Reads the reader's present row, in the order of the columns here. Other fields of `row` stay as they are.
  void read(CsvReader& csv, Row& row) const {
    std::size_t place = 0;
    for (const Column<Row>& column : columns_) {
      if (column.read) column.read(csv, place++, row);
    }
  }

  ColumnTexts texts() const {
    ColumnTexts texts{file_, summary_, {}};
    for (const Column<Row>& column : columns_) texts.columns.push_back({column.name, column.summary, column.unit});
    return texts;
  }

 private:
  template <class TextOf>
  std::string line(const TextOf& text_of) const {
    std::string line;
    for (const Column<Row>& column : columns_) {
      line += text_of(column);
      line += ',';
    }
    line.back() = '\n';
    return line;
  }

  std::string file_;
  std::string summary_;
  std::vector<Column<Row>> columns_;
};

}  // namespace tardigrad
