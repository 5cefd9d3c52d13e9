#pragma once
// A name and its value from one mention of it.

#define NAMED(name) \
  Name { static_cast<std::uint64_t>(name), #name }
#define BITS(name) \
  Name { static_cast<std::uint32_t>(name), #name }
