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
  //> 1 listen
  //| Make a socket that listens on this port, on every address of this
  //| host. Nothing here is new: bring yours from task 10.
  //| Call fail("bind") and the like when a call returns -1.
  //+ (void)port;
  //+ return Fd{-1};
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(nullptr, port, &hints, &found); error != 0) {
    throw std::runtime_error(std::string("getaddrinfo: ") + gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list{found, freeaddrinfo};

  Fd listener{socket(found->ai_family, found->ai_socktype, found->ai_protocol)};
  if (listener < 0) fail("socket");
  // Connections of an earlier run may still wait in TIME_WAIT; without this, bind fails meanwhile.
  const int yes = 1;
  if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0) fail("setsockopt");
  if (bind(listener, found->ai_addr, found->ai_addrlen) < 0) fail("bind");
  if (listen(listener, SOMAXCONN) < 0) fail("listen");
  return listener;
  //<
}

//> 3 write_all
//| Write a function write_all(fd, bytes) that writes all of them, and
//| tells whether the client is still there. Bring yours from task 10.
bool write_all(int fd, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;  // the client has gone
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}
//<

void echo(int client) {
  //> 2 echo
  //| Read what the client sends and write it back, until it has
  //| ended its half of the connection: read(2), write(2). Bring yours from
  //| task 10.
  //+ (void)client;
  std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t count = read(client, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;  // the end, or a reset: this client's affair, not the server's
    if (!write_all(client, std::span(buffer).first(static_cast<std::size_t>(count)))) return;
  }
  //<
}

// A child's whole life: one client.
[[noreturn]] void attend(int listener, int client, pid_t parent) {
  //> 8 orphans
  //| A signal that ends the parent does not reach its children. Ask
  //| the kernel for one when the parent ends, and end at once if it has ended
  //| already: prctl(2) with PR_SET_PDEATHSIG, getppid(2).
  //+ (void)parent;
  if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0) fail("prctl");
  if (getppid() != parent) _exit(0);
  //<
  //> 5 child
  //| Close the descriptor that a child has no use for, and echo to the
  //| client. Why must the child end here, and not return into the loop?
  //+ (void)listener;
  //+ (void)client;
  close(listener);  // or the port would stay taken when the parent has gone
  echo(client);
  //<
  _exit(0);  // not exit(3), which writes out buffers that are the parent's
}

void serve(int listener) {
  //> 4 serve
  //| For ever: accept(2) a client, and fork(2) a child that attends to
  //| it. Which descriptor must the parent close, and when?
  //+ (void)listener;
  const pid_t parent = getpid();
  for (;;) {
    const Fd client{accept(listener, nullptr, nullptr)};
    // A child that ends interrupts accept with SIGCHLD; a client may leave before it is accepted.
    if (client < 0 && (errno == EINTR || errno == ECONNABORTED)) continue;
    if (client < 0) fail("accept");
    const pid_t child = fork();
    if (child == 0) attend(listener, client, parent);
    // No room for one more process: this client is refused, the next may find some.
    if (child < 0) std::cerr << "error: fork: " << std::strerror(errno) << '\n';
    // Here Fd closes the parent's copy: a connection ends only when no process has it open.
  }
  //<
}

void reap(int) {
  //> 6 reap
  //| The handler of SIGCHLD. A child that has ended stays as a zombie
  //| until its parent asks how it ended: ask for all that have ended, and never
  //| wait for the others. Look up: waitpid(2) with WNOHANG.
  const int saved = errno;  // it belongs to the call that the signal interrupted
  // Signals do not queue: one SIGCHLD may stand for any number of children.
  while (waitpid(-1, nullptr, WNOHANG) > 0) {}
  errno = saved;
  //<
}

int main(int argc, char* argv[]) {
  const char* port = argc > 1 ? argv[1] : "58001";
  try {
    //> 7 signals
    //| Make `reap` the handler of SIGCHLD: sigaction(2). A client that
    //| leaves early must not kill by SIGPIPE: as in task 10.
    struct sigaction action = {};
    action.sa_handler = reap;
    action.sa_flags = SA_NOCLDSTOP;  // a child that is only stopped needs no reaping
    if (sigaction(SIGCHLD, &action, nullptr) < 0) fail("sigaction");
    std::signal(SIGPIPE, SIG_IGN);
    //<
    const Fd listener = listen_on(port);
    serve(listener);
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return 1;
  }
}
