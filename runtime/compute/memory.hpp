/// The program's memory allocator.
#pragma once

namespace tardigrad {

/// To be called first in main(): asks mimalloc, which serves every allocation of the program, for large pages.
/// The memory of thousands of actors is scattered, and finding a page costs more than the work done on it. Does
/// nothing in a build with sanitizers, which have their own allocator.
void prefer_large_pages();

}  // namespace tardigrad
