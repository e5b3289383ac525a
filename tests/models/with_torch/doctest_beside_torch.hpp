/// doctest for tests that use LibTorch's tensors, whose logging library has macros of the same names (CHECK).
#pragma once

// clang-format off
#include <ATen/ATen.h>
#include <doctest/doctest.h>
// clang-format on

// Doctest's, also where doctest was included before LibTorch.
#undef CHECK
#define CHECK(...) DOCTEST_CHECK(__VA_ARGS__)
