// A few threads that share out the work of a step that llama.cpp has no part in: drawing for the groups in flight.
#pragma once
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace corrsynth {

// The calling thread is worker 0; the others sleep between two calls of run.
class Workers {
  public:
    // Throws std::system_error when the system has no more threads to give.
    explicit Workers(int n_workers);
    ~Workers() { stop(); }
    Workers(const Workers &) = delete;
    Workers & operator=(const Workers &) = delete;

    int n_workers() const { return static_cast<int>(threads_.size()) + 1; }

    // Calls task(item, worker) once for every item of 0..n_items-1, each on some worker, and returns when all are done.
    // What a task throws is thrown here, the first of it; items that nobody has begun by then are left out.
    template <typename Task>
    void run(int n_items, Task && task) {
        call_ = [](void * context, int item, int worker) {
            (*static_cast<std::remove_reference_t<Task> *>(context))(item, worker);
        };
        context_ = &task;
        share_out(n_items);
    }

  private:
    void stop();
    void share_out(int n_items);
    void work(int worker);
    void sleep_and_work(int worker);

    void (*call_)(void *, int, int) = nullptr;
    void * context_ = nullptr;
    int n_items_ = 0;
    std::atomic<int> next_{0};
    std::mutex mutex_;
    std::condition_variable wake_, done_;
    int round_ = 0, n_busy_ = 0;  // guarded by mutex_, as are the two below
    bool must_stop_ = false;
    std::exception_ptr error_;  // of the round
    std::vector<std::thread> threads_;
};

}  // namespace corrsynth
