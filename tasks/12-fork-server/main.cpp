// 12-fork-server PORT: echoes TCP clients, each in a process of its own.

#include <netdb.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

// Closes its descriptor when it goes out of scope, also when an exception is thrown.
class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&&) = delete;
  ~Fd() {
    if (fd_ >= 0) close(fd_);
  }
  operator int() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void fail(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

Fd listen_on(const char* port) {
  // TODO 1: Make a socket that listens on this port, on every address of this
  // host. Nothing here is new: bring yours from task 10.
  // Call fail("bind") and the like when a call returns -1.
  (void)port;
  return Fd{-1};
}

// TODO 3: Write a function write_all(fd, bytes) that writes all of them, and
// tells whether the client is still there. Bring yours from task 10.

void echo(int client) {
  // TODO 2: Read what the client sends and write it back, until it has
  // ended its half of the connection: read(2), write(2). Bring yours from
  // task 10.
  (void)client;
}

// A child's whole life: one client.
[[noreturn]] void attend(int listener, int client, pid_t parent) {
  // TODO 8: A signal that ends the parent does not reach its children. Ask
  // the kernel for one when the parent ends, and end at once if it has ended
  // already: prctl(2) with PR_SET_PDEATHSIG, getppid(2).
  (void)parent;
  // TODO 5: Close the descriptor that a child has no use for, and echo to the
  // client. Why must the child end here, and not return into the loop?
  (void)listener;
  (void)client;
  _exit(0);  // not exit(3), which writes out buffers that are the parent's
}

void serve(int listener) {
  // TODO 4: For ever: accept(2) a client, and fork(2) a child that attends to
  // it. Which descriptor must the parent close, and when?
  (void)listener;
}

void reap(int) {
  // TODO 6: The handler of SIGCHLD. A child that has ended stays as a zombie
  // until its parent asks how it ended: ask for all that have ended, and never
  // wait for the others. Look up: waitpid(2) with WNOHANG.
}

int main(int argc, char* argv[]) {
  const char* port = argc > 1 ? argv[1] : "58001";
  try {
    // TODO 7: Make `reap` the handler of SIGCHLD: sigaction(2). A client that
    // leaves early must not kill by SIGPIPE: as in task 10.
    const Fd listener = listen_on(port);
    serve(listener);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
