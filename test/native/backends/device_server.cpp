// A device whose memory the host cannot read: this machine's CPU behind ggml's RPC backend, on loopback.
//
//   device_server HOST:PORT     serves until it is killed or its standard input ends
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "ggml-backend.h"
#include "ggml-rpc.h"

int main(int argc, char ** argv) {
    if (argc != 2) return 2;
    std::thread([] {
        while (std::getchar() != EOF) {
        }
        std::_Exit(0);  // the test has ended, in whatever way
    }).detach();
    ggml_backend_dev_t cpu = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    ggml_backend_rpc_start_server(argv[1], /*cache_dir=*/nullptr, /*n_threads=*/1, 1, &cpu);
    return 1;  // it only returns when it cannot serve
}
