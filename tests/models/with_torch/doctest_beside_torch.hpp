/// doctest for tests that use LibTorch's tensors, whose logging library has macros of the same names (CHECK):
/// the header that comes last wins.
#pragma once

// clang-format off
#include <ATen/ATen.h>
#include <doctest/doctest.h>
// clang-format on
