#include "scenarios/src/python/value_arrays.hpp"

#include <fmt/format.h>

#include <string>

namespace py = pybind11;

namespace tardigrad {

namespace {

constexpr const char* kOwnerName = "tardigrad.values";

/// The object that keeps the memory of an array alive.
py::capsule owner_of(const SharedValues& values) {
  return py::capsule(new SharedValues(values), kOwnerName, [](PyObject* owner) {
    delete static_cast<SharedValues*>(PyCapsule_GetPointer(owner, kOwnerName));
  });
}

/// The values that `array_of` made this array of; null if it did not, or if it is only a part of that array.
SharedValues shared_by(const py::array& array) {
  const py::object owner = array.base();
  if (!owner || !PyCapsule_IsValid(owner.ptr(), kOwnerName)) return nullptr;
  const auto& values = *static_cast<SharedValues*>(PyCapsule_GetPointer(owner.ptr(), kOwnerName));
  const bool is_whole = array.data() == values->data() && array.strides(0) == sizeof(float);
  return is_whole ? values : nullptr;
}

std::string shape_text(const py::array& array) { return py::str(array.attr("shape")); }

}  // namespace

py::object array_of(const SharedValues& values) {
  if (!values) return py::none();
  const py::array_t<float> array(static_cast<py::ssize_t>(values->size()), values->data(), owner_of(values));
  py::detail::array_proxy(array.ptr())->flags &= ~py::detail::npy_api::NPY_ARRAY_WRITEABLE_;
  return array;
}

SharedValues values_of(const py::object& array, std::size_t size, const char* what) {
  if (!py::isinstance<py::array>(array)) {
    throw py::type_error(fmt::format("{}: expected a NumPy array of float32, got {}", what,
                                     std::string(py::str(py::type::of(array).attr("__name__")))));
  }
  const auto any = py::reinterpret_borrow<py::array>(array);
  if (!py::isinstance<py::array_t<float>>(array)) {
    throw py::type_error(
        fmt::format("{}: expected an array of float32, got {}", what, std::string(py::str(any.dtype()))));
  }
  if (any.ndim() != 1 || static_cast<std::size_t>(any.shape(0)) != size) {
    throw py::value_error(fmt::format("{}: expected an array of shape ({},), got {}", what, size, shape_text(any)));
  }
  if (const SharedValues shared = shared_by(any)) return shared;
  const auto elements = py::reinterpret_borrow<py::array_t<float>>(array).unchecked<1>();
  Values copy(size);
  for (std::size_t p = 0; p < size; ++p) copy[p] = elements(static_cast<py::ssize_t>(p));
  return share(std::move(copy));
}

}  // namespace tardigrad
