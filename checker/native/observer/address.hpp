#pragma once
// Addresses as text: `127.0.0.1:58001`, `[::1]:80`, `unix:/path`, `unix:@abstract`.

#include <sys/socket.h>

#include <cstddef>

#include "text.hpp"

namespace observer {

// `size` bytes are readable at `address`.
void name_address(Text& text, const void* address, std::size_t size);

}  // namespace observer
