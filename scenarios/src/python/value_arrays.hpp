/// Parameter values as NumPy arrays, and back.
#pragma once

#include <pybind11/numpy.h>

#include <cstddef>

#include "models/values.hpp"

namespace tardigrad {

/// A read-only array of float32 that shares the values' memory and keeps it alive; None for null.
pybind11::object array_of(const SharedValues& values);

/// The values of an array of float32 of shape (size,): shared if `array_of` made the array, else copied. Throws
/// TypeError or ValueError about any other object; `what` names the object.
SharedValues values_of(const pybind11::object& array, std::size_t size, const char* what);

}  // namespace tardigrad
