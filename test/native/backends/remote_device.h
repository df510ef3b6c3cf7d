// The device of device_server, started on first use.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>

#include "ggml-backend.h"
#include "ggml-rpc.h"

// What ggml keeps of a server, and of the devices that share a model by tensors, until the process ends. (LeakSanitizer
// asks; included by one file of a program.)
extern "C" __attribute__((visibility("default"))) const char * __lsan_default_suppressions() {
    return "leak:ggml_backend_rpc_add_server\nleak:ggml_backend_rpc_buffer_type\n"
           "leak:ggml_backend_meta_device_get_buffer_type\n";
}

namespace corrsynth_test {

inline sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    return address;
}

inline int free_port() {
    const int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(socket_fd, reinterpret_cast<sockaddr *>(&address), size) != 0) throw std::runtime_error("no free port");
    getsockname(socket_fd, reinterpret_cast<sockaddr *>(&address), &size);
    close(socket_fd);
    return ntohs(address.sin_port);
}

inline bool answers(int port) {
    const int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(port);
    const bool is_up = connect(socket_fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    close(socket_fd);
    return is_up;
}

// "127.0.0.1:PORT". The server's standard input is a pipe of this process: it ends when this process does.
inline const std::string & remote_endpoint() {
    static const std::string endpoint = [] {
        const int port = free_port();
        std::string name = "127.0.0.1:" + std::to_string(port);
        if (!popen((std::string(CORRSYNTH_DEVICE_SERVER) + " " + name + " >/dev/null 2>&1").c_str(), "w"))
            throw std::runtime_error("the device server did not start");
        for (int i = 0; i < 500 && !answers(port); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
        return name;
    }();
    return endpoint;
}

inline ggml_backend_dev_t remote_device() {
    static ggml_backend_dev_t device = [] {
        ggml_backend_reg_t registry = ggml_backend_rpc_add_server(remote_endpoint().c_str());
        if (!registry) throw std::runtime_error("the device server does not answer");
        return ggml_backend_reg_dev_get(registry, 0);
    }();
    return device;
}

}  // namespace corrsynth_test
