#pragma once
// What the processes of this pid namespace use together: no rlimit counts that.

#include <dirent.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "options.hpp"

// Folders in /proc whose name is a number.
inline std::vector<std::string> processes() {
  std::vector<std::string> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> all{opendir("/proc"), closedir};
  while (const dirent* entry = all ? readdir(all.get()) : nullptr) {
    if (parse_number<int>(entry->d_name)) found.push_back(std::string("/proc/") + entry->d_name);
  }
  return found;
}

// Bytes that the process has in memory (proc(5), statm); what it shares with others too.
inline std::uint64_t resident(const std::string& process) {
  std::ifstream statm(process + "/statm");
  std::uint64_t mapped = 0, pages = 0;
  statm >> mapped >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// The same, but of what it shares its share only (smaps_rollup). Slow. All of what a process has
// that does not let itself be looked into.
inline std::uint64_t proportional(const std::string& process) {
  std::ifstream rollup(process + "/smaps_rollup");
  std::uint64_t kibibytes = 0;
  for (std::string word; rollup >> word;) {
    if (word == "Pss:" && rollup >> kibibytes) return kibibytes * 1024;
  }
  return resident(process);
}

inline bool exceeds_memory(std::uint64_t limit) {
  for (auto* measure : {resident, proportional}) {
    std::uint64_t sum = 0;
    for (const auto& process : processes()) sum += measure(process);
    if (sum <= limit) return false;
  }
  return true;
}

inline std::uint64_t scratch_files() {
  std::uint64_t sum = 0;
  for (const char* folder : {"/tmp", "/dev/shm"}) {
    struct statvfs now{};
    if (statvfs(folder, &now) == 0) sum += now.f_files - now.f_ffree;
  }
  return sum;
}

// What there is too much of: "memory", "files" or nothing.
inline const char* excess(const Together& limits) {
  if (limits.memory > 0 && exceeds_memory(limits.memory)) return "memory";
  if (limits.files > 0 && scratch_files() > limits.files) return "files";
  return nullptr;
}
