#pragma once
// Which descriptors of this process are sockets: asked of the kernel once, forgotten at close.

namespace observer {

bool is_socket(int fd);
void forget(int fd);

}  // namespace observer
