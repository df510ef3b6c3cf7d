#include "backends/workers.h"

namespace corrsynth {

Workers::Workers(int n_workers) {
    try {
        for (int worker = 1; worker < n_workers; ++worker)
            threads_.emplace_back([this, worker] { sleep_and_work(worker); });
    } catch (...) {
        stop();  // those that run: a thread that nobody joins ends the program
        throw;
    }
}

void Workers::stop() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        must_stop_ = true;
    }
    wake_.notify_all();
    for (std::thread & thread : threads_) thread.join();
}

void Workers::share_out(int n_items) {
    n_items_ = n_items;
    next_ = 0;
    error_ = nullptr;
    const bool is_shared = n_items > 1 && !threads_.empty();
    if (is_shared) {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            ++round_;
            n_busy_ = static_cast<int>(threads_.size());
        }
        wake_.notify_all();
    }
    work(0);
    std::unique_lock<std::mutex> lock(mutex_);
    if (is_shared) done_.wait(lock, [this] { return n_busy_ == 0; });
    if (error_) std::rethrow_exception(error_);
}

void Workers::work(int worker) {
    try {
        for (int item = next_++; item < n_items_; item = next_++) call_(context_, item, worker);
    } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!error_) error_ = std::current_exception();
        next_ = n_items_;
    }
}

void Workers::sleep_and_work(int worker) {
    int seen = 0;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
        wake_.wait(lock, [&] { return must_stop_ || round_ != seen; });
        if (must_stop_) return;
        seen = round_;
        lock.unlock();
        work(worker);
        lock.lock();
        if (--n_busy_ == 0) done_.notify_one();
    }
}

}  // namespace corrsynth
