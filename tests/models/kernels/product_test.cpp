#include <algorithm>

#include "tests/models/kernels/every_isa.hpp"

namespace tardigrad {
namespace {

using test::Floats;

struct Sizes {
  std::ptrdiff_t rows, columns, depth;
};

/// Which matrix lies transposed in memory.
enum class Form { none, first, second };

Product product_of(const Sizes& sizes, Form form, const Floats& a, const Floats& b) {
  Product p;
  p.rows = sizes.rows, p.columns = sizes.columns, p.depth = sizes.depth;
  p.a = a.data();
  p.a_row = form == Form::first ? 1 : sizes.depth;
  p.a_depth = form == Form::first ? sizes.rows : 1;
  p.b = b.data();
  p.b_row = form == Form::second ? sizes.depth : sizes.columns;
  p.c_row = sizes.columns;
  return p;
}

/// With a guard behind the result, which must stay.
Floats multiplied(const Kernels& kernels, Product p, Form form, Floats c) {
  constexpr std::size_t kGuard = 32;
  const std::size_t size = c.size();
  c.resize(size + kGuard, 7);
  p.c = c.data();
  (form == Form::second ? kernels.multiply_by_transposed : kernels.multiply)(p);
  CHECK(std::all_of(c.begin() + static_cast<std::ptrdiff_t>(size), c.end(), [](float guard) { return guard == 7; }));
  c.resize(size);
  return c;
}

std::vector<double> expected_product(const Product& p, Form form, const Floats& c) {
  std::vector<double> result;
  for (std::ptrdiff_t i = 0; i < p.rows; ++i) {
    for (std::ptrdiff_t j = 0; j < p.columns; ++j) {
      double sum = p.accumulates ? c[result.size()] : 0;
      for (std::ptrdiff_t d = 0; d < p.depth; ++d) {
        const float b = form == Form::second ? p.b[j * p.b_row + d] : p.b[d * p.b_row + j];
        sum += static_cast<double>(p.a[i * p.a_row + d * p.a_depth]) * b;
      }
      result.push_back(sum);
    }
  }
  return result;
}

void check_product(const Sizes& sizes, Form form, bool accumulates) {
  CAPTURE(sizes.rows);
  CAPTURE(sizes.columns);
  CAPTURE(sizes.depth);
  const Floats a = test::uniform_floats(static_cast<std::size_t>(sizes.rows * sizes.depth), 1);
  const Floats b = test::uniform_floats(static_cast<std::size_t>(sizes.columns * sizes.depth), 2);
  const Floats c = test::uniform_floats(static_cast<std::size_t>(sizes.rows * sizes.columns), 3);
  Product p = product_of(sizes, form, a, b);
  p.accumulates = accumulates;
  const Floats results =
      test::same_on_every_isa([&](const Kernels& kernels) { return multiplied(kernels, p, form, c); });
  test::check_close(results, expected_product(p, form, c));
}

TEST_CASE("products of all sizes and forms are right, with the same bytes on every instruction set") {
  for (const Form form : {Form::none, Form::first, Form::second}) {
    for (std::ptrdiff_t size = 1; size <= 33; ++size) {
      check_product({size, 17, 9}, form, false);
      check_product({5, size, 16}, form, true);
      check_product({3, 33, size}, form, size % 2 == 0);
    }
    check_product({8, 62, 523}, form, false);
    check_product({64, 48, 100}, form, true);
  }
}

TEST_CASE("a row of a product does not depend on how many rows there are") {
  const Sizes all = {13, 70, 65}, one = {1, 70, 65};
  const Floats a = test::uniform_floats(13 * 65, 1), b = test::uniform_floats(70 * 65, 2);
  for (const Form form : {Form::none, Form::second}) {
    for (const Isa isa : kIsas) {
      if (!is_usable(isa)) continue;
      const Floats whole = multiplied(kernels(isa), product_of(all, form, a, b), form, Floats(13 * 70));
      const Floats first = multiplied(kernels(isa), product_of(one, form, a, b), form, Floats(70));
      CHECK(std::equal(first.begin(), first.end(), whole.begin()));
    }
  }
}

TEST_CASE("a value that is not finite reaches every element whose sum has it") {
  for (const float bad : {static_cast<float>(NAN), static_cast<float>(INFINITY)}) {
    for (const Form form : {Form::none, Form::second}) {
      Floats a = test::uniform_floats(4 * 35, 1);
      a[35 + 33] = bad;
      const Floats b = test::uniform_floats(20 * 35, 2);
      const Floats results = test::same_on_every_isa([&](const Kernels& kernels) {
        return multiplied(kernels, product_of({4, 20, 35}, form, a, b), form, Floats(80));
      });
      for (std::size_t i = 0; i < results.size(); ++i) CHECK(std::isfinite(results[i]) == (i / 20 != 1));
    }
  }
}

TEST_CASE("a sum of products of known values has known bytes, whatever the compiler") {
  const Floats a = test::uniform_floats(9 * 100, 1), b = test::uniform_floats(40 * 100, 2);
  std::uint64_t sum = 1;
  for (const Form form : {Form::none, Form::first, Form::second}) {
    sum = test::checksum(test::same_on_every_isa([&](const Kernels& kernels) {
                           return multiplied(kernels, product_of({9, 40, 100}, form, a, b), form, Floats(360));
                         }),
                         sum);
  }
  CHECK(sum == 17197342292653867108U);
}

TEST_CASE("transposing exchanges rows and columns and leaves what is between the rows") {
  for (std::ptrdiff_t rows = 1; rows <= 34; rows += 3) {
    const std::ptrdiff_t columns = 35 - rows, from_row = columns + 2, to_row = rows + 1;
    const Floats from = test::uniform_floats(static_cast<std::size_t>(rows * from_row), 1);
    const Floats to = test::same_on_every_isa([&](const Kernels& kernels) {
      Floats result(static_cast<std::size_t>(columns * to_row), 7);
      kernels.transpose(rows, columns, from.data(), from_row, result.data(), to_row);
      return result;
    });
    for (std::ptrdiff_t column = 0; column < columns; ++column) {
      for (std::ptrdiff_t row = 0; row < rows; ++row) {
        CHECK(to[static_cast<std::size_t>(column * to_row + row)] ==
              from[static_cast<std::size_t>(row * from_row + column)]);
      }
      CHECK(to[static_cast<std::size_t>(column * to_row + rows)] == 7);
    }
  }
}

}  // namespace
}  // namespace tardigrad
