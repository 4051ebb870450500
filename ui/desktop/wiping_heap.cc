// Replaces the program's operator new and delete: what is freed is wiped first. Snapshots, messages and typed text are
// ordinary objects; after a quick exit none of their words may stay behind in freed memory. (Secrets do not rely on
// this: they live in guarded memory.) A sanitizer build keeps the sanitizer's own operators.
#ifndef WAYSIDE_SANITIZED

#include <malloc.h>
#include <string.h>

#include <cstdlib>
#include <new>

namespace {

void* take(std::size_t bytes) {
  if (void* memory = std::malloc(bytes ? bytes : 1)) return memory;
  throw std::bad_alloc();
}

void* take_aligned(std::size_t bytes, std::align_val_t alignment) {
  void* memory = nullptr;
  if (posix_memalign(&memory, static_cast<std::size_t>(alignment), bytes ? bytes : 1) != 0) throw std::bad_alloc();
  return memory;
}

void wipe(void* memory) noexcept {
  if (!memory) return;
  explicit_bzero(memory, malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t bytes) { return take(bytes); }
void* operator new[](std::size_t bytes) { return take(bytes); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return take_aligned(bytes, alignment); }
void* operator new[](std::size_t bytes, std::align_val_t alignment) { return take_aligned(bytes, alignment); }
void operator delete(void* memory) noexcept { wipe(memory); }
void operator delete[](void* memory) noexcept { wipe(memory); }
void operator delete(void* memory, std::size_t) noexcept { wipe(memory); }
void operator delete[](void* memory, std::size_t) noexcept { wipe(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { wipe(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { wipe(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { wipe(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { wipe(memory); }

#endif
