/// Where the program's memory comes from.
#pragma once

namespace tardigrad {

/// To be called first in main(): asks mimalloc, which serves every allocation of the program, for large
/// pages. Thousands of actors lie all over the memory, and finding a page costs more than what is
/// done there. Does nothing in a build with sanitizers, which bring an allocator of their own.
void prefer_large_pages();

}  // namespace tardigrad
