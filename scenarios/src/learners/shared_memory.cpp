#include "scenarios/src/learners/shared_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

namespace tardigrad {

SharedMemory::SharedMemory() : descriptor_(memfd_create("tardigrad-learner", MFD_CLOEXEC | MFD_ALLOW_SEALING)) {
  // A file that the other process could cut would end this one at its next access.
  if (descriptor_ >= 0 && fcntl(descriptor_, F_ADD_SEALS, F_SEAL_SHRINK) == 0) return;
  if (descriptor_ >= 0) close(descriptor_);
  throw std::runtime_error("the system has no memory to share with a learner's process");
}

SharedMemory::~SharedMemory() {
  if (mapped_ != nullptr) munmap(mapped_, size_);
  close(descriptor_);
}

char* SharedMemory::bytes(std::size_t size) {
  if (size <= size_) return mapped_;
  struct stat file = {};
  const bool is_enough = fstat(descriptor_, &file) == 0 && static_cast<std::size_t>(file.st_size) >= size;
  if (!is_enough && ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
    throw std::runtime_error("there is no memory to share with a learner's process");
  }
  void* const mapped = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor_, 0);
  if (mapped == MAP_FAILED) throw std::runtime_error("there is no memory to share with a learner's process");
  if (mapped_ != nullptr) munmap(mapped_, size_);
  mapped_ = static_cast<char*>(mapped);
  size_ = size;
  return mapped_;
}

}  // namespace tardigrad
