#include "backends/workers.h"

namespace corrsynth {

Workers::Workers(int n_workers) {
    for (int worker = 1; worker < n_workers; ++worker)
        threads_.emplace_back([this, worker] { sleep_and_work(worker); });
}

Workers::~Workers() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        stop_ = true;
    }
    wake_.notify_all();
    for (std::thread & thread : threads_) thread.join();
}

void Workers::share_out(int n_items) {
    n_items_ = n_items;
    next_ = 0;
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
    if (!is_shared) return;
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return n_busy_ == 0; });
}

void Workers::work(int worker) {
    for (int item = next_++; item < n_items_; item = next_++) call_(context_, item, worker);
}

void Workers::sleep_and_work(int worker) {
    int seen = 0;
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
        wake_.wait(lock, [&] { return stop_ || round_ != seen; });
        if (stop_) return;
        seen = round_;
        lock.unlock();
        work(worker);
        lock.lock();
        if (--n_busy_ == 0) done_.notify_one();
    }
}

}  // namespace corrsynth
